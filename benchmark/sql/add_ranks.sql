INSERT INTO ranks BY NAME FROM new_ranks;
