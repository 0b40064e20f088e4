using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Tests.Native;

/// <summary>Libraries that are found but cannot be used, and a second one.</summary>
[NeedsNothing]
public sealed class TensorFlowLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_library_without_the_functions_is_refused_and_some_are_named()
    {
        // Any other library will do.
        string folder = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        string other = Directory.EnumerateFiles(folder, "libSkiaSharp.*").First();

        string message = Error(other);

        Assert.StartsWith($"{other} lacks ", message, StringComparison.Ordinal);
        Assert.Contains("functions of TensorFlow's C API (TF_", message, StringComparison.Ordinal);
        Assert.Contains($"the option LibraryPath ({other}): found", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_library_is_refused_before_it_is_loaded()
    {
        string path = _folder.Add(LibrarySearch.FileNames[0], new byte[20]);
        Assert.StartsWith(
            $"{path} cannot be loaded: it is truncated: 20 bytes. Add the package SciSharp.TensorFlow.Redist",
            Error(path),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("2.4.0", true)]
    [InlineData("2.16.1", true)]
    [InlineData("2.17.0-rc1", true)]
    [InlineData("3.0.0+build", true)]
    [InlineData("2.3.4", false)]
    [InlineData("1.15.5", false)]
    [InlineData("2.4", true)]
    [InlineData("", false)]
    [InlineData("unknown", false)]
    public void Versions_below_2_4_are_refused(string version, bool recent) => Assert.Equal(recent, TensorFlowLibrary.IsRecent(version));

    [NeedsTensorFlow]
    [Fact]
    public void The_library_of_the_tests_is_usable()
    {
        LoadedLibrary library = TensorFlowLibrary.Load();
        Assert.True(TensorFlowLibrary.IsRecent(library.Version));
        Assert.NotEmpty(library.Search);
        // Asking for the same file or its folder is no other library.
        Assert.Same(library, TensorFlowLibrary.Load(library.Path));
        Assert.Same(library, TensorFlowLibrary.Load(Path.GetDirectoryName(library.Path)));
    }

    [NeedsTensorFlow]
    [Fact]
    public void Another_library_than_the_loaded_one_is_an_error()
    {
        string loaded = TensorFlowLibrary.Load().Path!,
            other = _folder.Add(LibrarySearch.FileNames[0], new byte[20]);

        string message = Assert
            .Throws<InvalidOperationException>(() => TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { LibraryPath = other }))
            .Message;

        Assert.Contains(loaded, message, StringComparison.Ordinal);
        Assert.Contains(other, message, StringComparison.Ordinal);
    }

    private static string Error(string path) =>
        Assert
            .Throws<DllNotFoundException>(() => TensorFlowLibrary.Open(new LibrarySearch(), path, variable: null, pythonFolder: null))
            .Message;
}
