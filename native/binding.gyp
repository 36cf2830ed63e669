# The native addon: every .cc file below this folder, linked against oneDNN and OpenMP. The flags, and why they
# are what they are, stand in scripts/lib/toolchain.mjs; `npm run setup` builds this when something changed.
# (It is not at the repository's root because npm would then run node-gyp by itself and fail the install.)
{
  'targets': [
    {
      'target_name': 'atelier',
      'sources': ['<!@(node ../scripts/lib/toolchain.mjs sources)'],
      'include_dirs': ['../node_modules/node-addon-api'],
      'defines': ['NAPI_VERSION=8', 'NAPI_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED'],
      'cflags!': ['-O3', '-fno-omit-frame-pointer'],
      'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
      'cflags_cc': ['<!@(node ../scripts/lib/toolchain.mjs compile)'],
      'libraries': ['<!@(node ../scripts/lib/toolchain.mjs link)'],
      'xcode_settings': {
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
        'GCC_ENABLE_CPP_RTTI': 'YES',
        'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
        'MACOSX_DEPLOYMENT_TARGET': '12.0',
        'OTHER_CPLUSPLUSFLAGS': ['<!@(node ../scripts/lib/toolchain.mjs compile)'],
      },
    },
  ],
}
