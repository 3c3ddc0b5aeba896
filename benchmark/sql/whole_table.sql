FROM $table;
