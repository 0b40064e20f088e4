using System.Collections.Concurrent;
using Microsoft.ML;
using MLNetExtensions.Augmentations;
using MLNetExtensions.Augmentations.Engine;
using MLNetExtensions.Data;
using SkiaSharp;

namespace MLNetExtensions.Estimators.Augmenting;

/// <summary>Writes augmented copies of pictures as files.</summary>
internal static class AugmentedFiles
{
    /// <summary>A file that was written.</summary>
    internal sealed class AugmentedFile
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    /// <inheritdoc cref="VisionCatalog.AugmentToFiles"/>
    public static List<AugmentedFile> Write(IDataView data, Augmentation augmentation, string folder, AugmentToFilesOptions options)
    {
        options.Validate();
        folder = Path.GetFullPath(folder);
        if (!options.Overwrite && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"The folder '{folder}' is not empty. Choose another one, or set Overwrite.");
        var files = new List<AugmentedFile>();
        int threads = options.Threads ?? Environment.ProcessorCount;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = options.CancellationToken };
        using var workers = new ThreadLocal<Worker>(() => new Worker());
        // Pictures at full size are large: no more of them at once than threads can work on.
        foreach (SourcePicture[] block in SourcePictures.Read(data, options.ImageColumnName, options.LabelColumnName, options.ImageFolder).Chunk(2 * threads))
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            string[] folders = [.. block.Select(picture => LabelFolder(folder, picture))];
            foreach (string target in folders.Distinct())
                Directory.CreateDirectory(target);
            try
            {
                Parallel.For(0, block.Length, parallel, i => workers.Value!.Write(block[i], folders[i], augmentation, options));
            }
            catch (AggregateException e) when (e.InnerExceptions.OfType<BadImageException>().MinBy(bad => bad.Row) is { } bad)
            {
                throw new BadImageException(bad.Row, bad.Path, bad.Reason, bad);
            }
            for (int i = 0; i < block.Length; i++)
                for (int copy = 0; copy < options.Copies; copy++)
                    files.Add(new AugmentedFile { ImagePath = FileName(folders[i], block[i].Row, copy, options), Label = block[i].Label });
        }
        return files;
    }

    /// <summary>A label's own folder; labels are data and must not lead out of it.</summary>
    private static string LabelFolder(string folder, SourcePicture picture)
    {
        string label = picture.Label;
        if (label is "." or ".." || label.AsSpan().IndexOfAny(['/', '\\', '\0']) >= 0 || label.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            throw new IOException($"The label '{label}' of row {picture.Row} cannot be the name of a folder. Set LabelColumnName to null, or map the labels.");
        return Path.Combine(folder, label);
    }

    private static string FileName(string folder, long row, int copy, AugmentToFilesOptions options) =>
        Path.Combine(folder, $"{row:D6}-{copy:D2}.{(options.JpegQuality is null ? "png" : "jpg")}");

    private sealed class Worker
    {
        private readonly PixelDecoder _decoder = new();
        private readonly AugmentationPlan _plan = new();
        private readonly WorkingPicture _picture = new();

        public void Write(SourcePicture source, string folder, Augmentation augmentation, AugmentToFilesOptions options)
        {
            PlanarPicture picture = source.Decode(_decoder);
            for (int copy = 0; copy < options.Copies; copy++)
            {
                _plan.Begin(picture.Width, picture.Height, options.Width ?? picture.Width, options.Height ?? picture.Height);
                augmentation.Draw(DrawKey.For((ulong)options.Seed, copy, source.Row), _plan);
                _plan.End();
                ReadOnlySpan<byte> planes = _picture.Run(_plan, picture.Planes, picture.Width, picture.Height);
                using SKData encoded = PictureEncoder.Encode(planes, _plan.Width, _plan.Height, options.JpegQuality);
                File.WriteAllBytes(FileName(folder, source.Row, copy, options), encoded.AsSpan());
            }
        }
    }
}
