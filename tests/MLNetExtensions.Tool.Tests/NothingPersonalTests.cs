using System.IO.Compression;
using System.Text;
using Xunit;

namespace MLNetExtensions.Tool.Tests;

/// <summary>Files that are handed on say nothing of the machine, the user and the folders that they were made in.</summary>
public sealed class NothingPersonalTests(TrainedRun run)
{
    [Fact]
    public async Task Models_checkpoints_and_reports_name_no_folder_and_no_user()
    {
        string quantized = run.At("personal.int8.onnx"),
            report = run.At("personal.html");
        await Mlnetx.Succeed("quantize", "--model", run.Folder, "--output", quantized);
        await Mlnetx.Succeed("report", "--model", run.Folder, "--output", report);
        string[] files =
        [
            Path.Combine(run.Folder, "model.zip"),
            Path.Combine(run.Folder, "model.onnx"),
            Path.Combine(run.Folder, "metrics.json"),
            Path.Combine(run.Folder, "report.html"),
            .. Directory.GetFiles(Path.Combine(run.Folder, "checkpoints")),
            quantized,
            report,
            Path.ChangeExtension(report, ".json"),
        ];

        Assert.Contains(files, file => file.EndsWith(".ckpt", StringComparison.Ordinal));
        Assert.Empty(files.SelectMany(file => Contents(file).SelectMany(content => Found(content.Bytes, $"{file} {content.Name}"))));
    }

    private IEnumerable<string> Found(byte[] content, string where) =>
        Personal().Where(text => content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0).Select(text => $"{where}: {text}");

    /// <summary>The folder of the images, and the user. A user of a short name, such as root, is a word of other texts.</summary>
    private IEnumerable<string> Personal()
    {
        yield return Path.GetFileName(Path.GetDirectoryName(run.Runs)!);
        yield return AppContext.BaseDirectory;
        yield return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Path.DirectorySeparatorChar;
        if (Environment.UserName.Length > 4)
            yield return Environment.UserName;
    }

    /// <summary>A file, or what is in it where it is an archive.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Contents(string file)
    {
        if (!file.EndsWith(".zip", StringComparison.Ordinal))
            return [("", File.ReadAllBytes(file))];
        using ZipArchive zip = ZipFile.OpenRead(file);
        return
        [
            .. zip.Entries.Select(entry =>
            {
                using Stream content = entry.Open();
                using var bytes = new MemoryStream();
                content.CopyTo(bytes);
                return (entry.FullName, bytes.ToArray());
            }),
        ];
    }
}
