FROM languages ORDER BY position;
