"""The record over HTTP: the API under ``/api/v1`` and the app that uses it. Needed only by ``tadmor serve``."""
