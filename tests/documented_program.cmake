# Writes the program of docs/INSPECT.md, the block of C++ there, to OUT.
file(READ "${DOC}" text)
string(FIND "${text}" "```cpp\n" begin)
string(SUBSTRING "${text}" ${begin} -1 text)
string(SUBSTRING "${text}" 7 -1 text)
string(FIND "${text}" "```" end)
string(SUBSTRING "${text}" 0 ${end} text)
file(WRITE "${OUT}" "${text}")
