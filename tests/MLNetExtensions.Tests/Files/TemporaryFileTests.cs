using System.Runtime.Versioning;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Files;

public sealed class TemporaryFileTests : IDisposable
{
    private readonly TestData.TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "a.bin");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        File.WriteAllText(Target, "old");

        IOException error = Assert.Throws<IOException>(() =>
            TemporaryFile.Write(
                Target,
                path =>
                {
                    File.WriteAllText(path, "half");
                    throw new IOException("No space left on device", 28);
                }
            )
        );

        Assert.Contains($"'{Target}' cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Temporary_files_and_folders_are_their_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        UnixFileMode fileMode = default;
        TemporaryFile.Write(
            Target,
            path =>
            {
                File.WriteAllText(path, "new");
                fileMode = File.GetUnixFileMode(path);
            }
        );
        using TemporaryFile read = TemporaryFile.In(_folder.Path);
        using MLNetExtensions.Onnx.Files.TemporaryFolder made = MLNetExtensions.Onnx.Files.TemporaryFolder.In(_folder.Path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, fileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(read.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(made.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_written_file_has_the_rights_of_a_file_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        string ordinary = Path.Combine(_folder.Path, "ordinary"),
            kept = Path.Combine(_folder.Path, "kept");
        File.WriteAllText(ordinary, "");
        File.WriteAllText(kept, "old");
        File.SetUnixFileMode(kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        TemporaryFile.Write(Target, "new");
        TemporaryFile.Write(kept, "new");

        Assert.Equal(File.GetUnixFileMode(ordinary), File.GetUnixFileMode(Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(kept));
        Assert.Equal("new", File.ReadAllText(kept));
    }

    [Fact]
    public void A_link_stays_and_the_file_behind_it_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        string behind = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "store")).FullName, "a");
        File.WriteAllText(behind, "old");
        File.CreateSymbolicLink(Target, behind);

        TemporaryFile.Write(Target, "new");

        Assert.Equal(behind, new FileInfo(Target).LinkTarget);
        Assert.Equal("new", File.ReadAllText(behind));
    }

    [Fact]
    public void A_device_is_not_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Devices have no paths there.");
        using TemporaryFile device = TemporaryFile.Beside("/dev/null");

        Assert.Equal("/dev/null", device.Path);
    }

    [Fact]
    public void The_longest_names_can_be_written()
    {
        string path = Path.Combine(_folder.Path, new string('a', 255));

        TemporaryFile.Write(path, "new");

        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        string path = Path.Combine(_folder.Path, "missing", "a.bin");

        DirectoryNotFoundException error = Assert.Throws<DirectoryNotFoundException>(() => TemporaryFile.Write(path, "new"));

        Assert.Contains($"there is no folder '{Path.GetDirectoryName(path)}'. Make it first.", error.Message, StringComparison.Ordinal);
    }
}
