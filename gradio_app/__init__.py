"""The demo application: French pages that talk HTTP to the JobMatch service and nothing else.

It never loads a model. ``python -m gradio_app`` (or ``jobmatch app``) starts it; ``app.build_app``
makes the pages over any client, which is how they are tested without a browser.
"""
