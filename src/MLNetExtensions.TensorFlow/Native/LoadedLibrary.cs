namespace MLNetExtensions.TensorFlow.Native;

/// <summary>The library that the process has.</summary>
/// <param name="Handle">The loader's handle.</param>
/// <param name="Path">The file; null if the system's search path found it.</param>
/// <param name="Version">TensorFlow's version.</param>
/// <param name="Search">The steps of the search, one line each.</param>
internal sealed record LoadedLibrary(IntPtr Handle, string? Path, string Version, IReadOnlyList<string> Search);
