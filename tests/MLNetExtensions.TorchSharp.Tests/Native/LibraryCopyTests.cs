using System.Runtime.InteropServices;
using MLNetExtensions.TestData;
using MLNetExtensions.TorchSharp.Native;

namespace MLNetExtensions.TorchSharp.Tests.Native;

public sealed class LibraryCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _content = Guid.NewGuid().ToByteArray();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Copies_written_at_once_are_one_whole_file()
    {
        byte[] content = new byte[100_000];
        Random.Shared.NextBytes(content);
        string[] paths = new string[8];

        Parallel.For(0, paths.Length, i => paths[i] = LibraryCopy.Write(content, "library.so", [_folder.Path]));

        string path = Assert.Single(paths.Distinct());
        Assert.Equal(content, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_damaged_copy_is_replaced()
    {
        string path = LibraryCopy.Write(_content, "library.so", [_folder.Path]);
        File.WriteAllBytes(path, [1]);

        Assert.Equal(path, LibraryCopy.Write(_content, "library.so", [_folder.Path]));
        Assert.Equal(_content, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_passed_over()
    {
        // A file where a folder is to be made: that no user may do, not even root.
        string blocked = Path.Combine(_folder.Path, "blocked"),
            open = Path.Combine(_folder.Path, "open");
        File.WriteAllText(blocked, "");

        string path = LibraryCopy.Write(_content, "library.so", [blocked, open]);

        Assert.StartsWith(open, path, StringComparison.Ordinal);
        Assert.Equal(_content, File.ReadAllBytes(path));
    }

    [Fact]
    public void Without_any_place_a_library_is_loaded_from_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems need no copy.");
        const string Name = "libSystem.Native.so";

        string path = LibraryCopy.Write(File.ReadAllBytes(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), Name)), Name, []);

        Assert.StartsWith("/proc/self/fd/", path, StringComparison.Ordinal);
        Assert.True(NativeLibrary.TryGetExport(NativeLibrary.Load(path), "SystemNative_Read", out _));
    }

    [Fact]
    public void The_temporary_folder_where_others_can_write_is_no_place() =>
        Assert.DoesNotContain(Path.TrimEndingDirectorySeparator(Path.GetTempPath()), LibraryCopy.Places);
}
