INSERT INTO comparisons BY NAME FROM new_comparisons;
