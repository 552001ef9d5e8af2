"""Fails where a library that the other programs in Python read with is not installed."""

import gi
import khard.carddav_object
import vobject

gi.require_version("EBookContacts", "1.2")
