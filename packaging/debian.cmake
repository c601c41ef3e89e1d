# The Debian package, by `cpack -G DEB`; `./run package` makes it. Configure with -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_SYSCONFDIR=/etc.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME socketqueue)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_SOURCE_DIR}/build/package)
set(CPACK_PACKAGE_VENDOR socketqueue)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "ISO 8583 gateway between terminals and a bank's host")
set(CPACK_PACKAGE_DESCRIPTION "One permanent TCP link to the host of a bank; many terminals (ISO 8583
over TCP) and programs (JSON or hexadecimal over HTTP) as clients. A
purchase whose outcome is unknown is reversed, also after a kill or a
power failure. A bank emulator, test clients and tools to read messages
are built in.")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The socketqueue maintainers <maintainers@socketqueue.invalid>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
# The libraries come from what the programs are linked with.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, init-system-helpers (>= 1.52)")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_SOURCE_DIR}/debian/conffiles ${CMAKE_CURRENT_SOURCE_DIR}/debian/postinst
  ${CMAKE_CURRENT_SOURCE_DIR}/debian/postrm ${CMAKE_CURRENT_SOURCE_DIR}/debian/prerm)
set(CPACK_STRIP_FILES ON)
# /etc is not below /usr.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# What only a package has.
add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz
  COMMAND gzip -9nc ${CMAKE_CURRENT_SOURCE_DIR}/debian/changelog > ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz
  DEPENDS debian/changelog VERBATIM)
set_property(GLOBAL APPEND PROPERTY generated_files ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz debian/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES debian/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME socketqueue)
include(CPack)
