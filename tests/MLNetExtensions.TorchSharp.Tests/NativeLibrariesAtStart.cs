using System.Runtime.CompilerServices;
using MLNetExtensions.TorchSharp.Native;

namespace MLNetExtensions.TorchSharp.Tests;

/// <summary>Tests call libtorch without a runtime object: the libraries are loaded when the test program starts.</summary>
internal static class NativeLibrariesAtStart
{
    [ModuleInitializer]
    internal static void Load() => NativeLibraries.Load();
}
