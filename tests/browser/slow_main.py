"""The page with a slow scripted model in place of the planner."""

from assistant.chat import Assistant
from assistant.pages.main import main
from tests.browser.slow_model import SlowFakeModel

if __name__ == "__main__":
    main(lambda: Assistant(model=SlowFakeModel()))
