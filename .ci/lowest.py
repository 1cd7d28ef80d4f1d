"""The lowest version of every dependency that pyproject allows, as requirements."""

import tomllib

with open("pyproject.toml", "rb") as stream:
    for requirement in tomllib.load(stream)["project"]["dependencies"]:
        print(requirement.replace(">=", "=="))
