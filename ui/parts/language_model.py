"""Which language model writes the prompts. Its key is never typed here, sent or stored: only its variable's name."""

from __future__ import annotations

import gradio as gr

from engine.studio import LanguageModel
from ui.desk import Desk, fixed
from ui.markup import element, join
from ui.place import Notice, Place
from ui.scene import Painting, Scene, Shown, Visit

KEY_VARIABLE = "GREENLIGHT_LLM_API_KEY"
HINT = (
    "Any server that speaks the OpenAI protocol: OpenAI, Ollama, vLLM, llama.cpp, transformers serve. "
    "Without one, the offline writer of the pocket world writes the prompts."
)


def build_language_model(desk: Desk) -> None:
    """Lay out the fields."""
    fixed(join((element("h3", "Language model for prompts"), element("p", HINT, class_="hint"))))
    address = desk.add(
        "llm-address",
        gr.Textbox(label="Address", placeholder="http://localhost:11434/v1", elem_id="llm-address", max_lines=1),
    )
    with gr.Row():
        model = desk.add(
            "llm-model", gr.Textbox(label="Model", placeholder="llama3.2", elem_id="llm-model", max_lines=1)
        )
        key = desk.add(
            "llm-key",
            gr.Textbox(label="Name of the environment variable that holds the key", elem_id="llm-key", max_lines=1),
        )
    with gr.Row(elem_classes=["buttons"]):
        save = gr.Button("Save", elem_id="llm-save", size="sm", scale=0, min_width=100)
        attempt = gr.Button("Save and try", elem_id="llm-try", size="sm", scale=0, min_width=120)
        offline = gr.Button("Use the offline writer", elem_id="llm-offline", size="sm", scale=0, min_width=180)
    desk.paint(paint_language_model)
    desk.on(save.click, save_choice, address, model, key)
    desk.on(attempt.click, try_choice, address, model, key)
    desk.on(offline.click, go_offline)


def paint_language_model(scene: Scene) -> Painting:
    """The choice that is in force."""
    choice = scene.studio.language_model()
    values = (choice.base_url, choice.model, choice.key_variable) if choice else ("", "", KEY_VARIABLE)
    names = ("llm-address", "llm-model", "llm-key")
    return {name: Shown({"value": value}, typed="llm") for name, value in zip(names, values, strict=True)}


def save_choice(visit: Visit, address: str, model: str, key: str) -> Place:
    """Keep the choice for all projects."""
    if not address.strip():
        return go_offline(visit)
    choice = LanguageModel(address.strip(), model.strip(), key.strip() or KEY_VARIABLE)
    visit.studio.set_language_model(choice)
    return visit.go(notice=Notice(f"Saved. New prompts are written by {choice.model or 'the language model'}."))


def try_choice(visit: Visit, address: str, model: str, key: str) -> Place:
    """Keep the choice, and ask it one thing. Raises LanguageModelError when nothing usable comes back."""
    saved = save_choice(visit, address, model, key)
    if visit.studio.language_model() is None:
        return saved
    return visit.go(notice=Notice(visit.studio.try_language_model()))


def go_offline(visit: Visit) -> Place:
    """Let the offline writer write the prompts again."""
    visit.studio.set_language_model(None)
    return visit.go(notice=Notice("From now on the offline writer writes the prompts."))
