"""``python -m symbattery``."""

import sys

from symbattery.app.cli import main

sys.exit(main())
