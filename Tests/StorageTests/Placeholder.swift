// The first tests of this layer replace this file.
