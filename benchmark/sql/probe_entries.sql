SELECT entry_id, model, revision, provenance, chat_template_kwargs FROM entries ORDER BY model, entry_id;
