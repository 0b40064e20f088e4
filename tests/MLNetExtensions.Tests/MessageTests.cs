using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Training;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests;

/// <summary>Errors of the machine and of files: they say what to add, and where was looked.</summary>
public sealed class MessageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_relative_path_is_shown_whole()
    {
        string whole = Path.GetFullPath("no-such/model.onnx");
        Assert.Contains($"'{whole}'", Assert.Throws<FileNotFoundException>(() => OnnxGraph.Load("no-such/model.onnx")).Message);
        using var decoder = new ImageDecoder(TinyClassifier.Preprocessing);
        Assert.Contains(
            $"the file does not exist (looked for at '{Path.GetFullPath("no-such/1.jpg")}')",
            Assert.Throws<InvalidImageException>(() => decoder.DecodeFile("no-such/1.jpg", new byte[decoder.CanvasBytes])).Message
        );
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_not_the_temporary_one()
    {
        OnnxGraph graph = TinyClassifier.Network();
        string nowhere = Path.Combine(_folder.Path, "none", "model.onnx");
        Assert.Equal(
            $"'{nowhere}' cannot be written: there is no folder '{Path.GetDirectoryName(nowhere)}'. Make it first.",
            Assert.Throws<DirectoryNotFoundException>(() => graph.Save(nowhere)).Message
        );
        Assert.Equal(
            $"'{_folder.Path}' is a folder. Give the path of a file.",
            Assert.Throws<UnauthorizedAccessException>(() => graph.Save(_folder.Path)).Message
        );
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_said_so()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs Unix permissions, and a user whom they bind");
            return;
        }
        OnnxGraph graph = TinyClassifier.Network();
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Contains(
                "may not write to the folder",
                Assert.Throws<UnauthorizedAccessException>(() => graph.Save(Path.Combine(_folder.Path, "model.onnx"))).Message
            );
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void What_a_runtime_lacks_comes_as_its_own_error() =>
        Assert.Equal(
            "libtorch was not found",
            Assert.Throws<DllNotFoundException>(() => TrainingRuntime.Create(typeof(LackingRuntime))).Message
        );

    [Fact]
    public void A_wrong_Skia_says_which_is_right()
    {
        Exception[] shown =
        [
            new EntryPointNotFoundException("sk_compatpaint_new"),
            new DllNotFoundException("libSkiaSharp"),
            new TypeInitializationException("SKObject", null),
        ];
        foreach (Exception error in shown)
        {
            string message = Assert.Throws<DllNotFoundException>(() => SkiaLibrary.Check(() => throw error)).Message;
            Assert.Contains(error.Message, message);
            Assert.Contains("reference SkiaSharp 2.88.9 and, of the same version, the native package", message);
        }
        Assert.True(SkiaLibrary.Check(() => new SKPaint().Dispose()));
    }

    private sealed class LackingRuntime
    {
        public LackingRuntime() => throw new DllNotFoundException("libtorch was not found");
    }
}
