"""The page at ``/``: what the service answers. It loads nothing from anywhere."""

from __future__ import annotations

PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>JobMatch: the matching service</title>
<style>body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
code{background:#eee;padding:.1em .3em}</style></head><body>
<h1>JobMatch: the matching service</h1>
<p>This address is for programs. Bodies and answers are described in
<a href="docs.json">docs.json</a> (OpenAPI).</p>
<ul>
<li><code>POST /api/match/text</code>: job offers for the text of a CV</li>
<li><code>POST /api/match</code>: job offers for two vectors</li>
<li><code>POST /api/embed</code>: the vectors that <code>/api/match</code> takes</li>
<li><code>POST /extract</code>: what is read of a CV file; <code>POST /extract/async</code> and
<code>GET /extract/status/{task_id}</code>: the same as a task</li>
<li><code>POST /chat/start</code>, <code>/generate/cv</code> and others: coaching, tailored CVs and
letters</li>
<li><code>GET</code> <a href="readyz">/readyz</a>: whether the service can answer, and with which
bundle</li>
<li><code>GET</code> <a href="livez">/livez</a>, <a href="metrics">/metrics</a></li>
</ul></body></html>
"""
PAGE_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
}
