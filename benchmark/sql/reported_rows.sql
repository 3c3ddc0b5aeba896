FROM reported_elsewhere ORDER BY model, language, hint;
