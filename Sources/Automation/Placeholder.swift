// The layer is empty until its first part lands.
