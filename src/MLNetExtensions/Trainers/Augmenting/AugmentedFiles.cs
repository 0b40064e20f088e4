using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Files;
using SkiaSharp;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>Writes augmented copies of images as files.</summary>
internal static class AugmentedFiles
{
    /// <summary>A file that was written.</summary>
    internal sealed class AugmentedFile
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";
    }

    /// <summary>Writes the files of all rows.</summary>
    /// <returns>The files, in the order of the rows.</returns>
    public static List<AugmentedFile> Write(
        IDataView data,
        Augmentation augmentation,
        string folder,
        AugmentToFilesOptions options,
        IChannel channel,
        out IReadOnlyList<InvalidImage> invalidImages
    )
    {
        folder = Path.GetFullPath(folder);
        if (!options.Overwrite && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"The folder '{folder}' is not empty. Choose another one, or set Overwrite.");
        var files = new List<AugmentedFile>();
        var leftOut = new InvalidImageList(options.MaxInvalidImages);
        int threads = options.Threads ?? Environment.ProcessorCount;
        using var workers = new ThreadLocal<Worker>(() => new Worker());
        // Images at full size are large: no more of them at once than threads can work on.
        foreach (
            SourceImage[] block in SourceImages
                .Read(
                    data,
                    options.ImageColumnName,
                    options.LabelColumnName,
                    options.ImageFolder,
                    SourceImages.ChannelsOf(options.Channels)
                )
                .Chunk(2 * threads)
        )
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            string[] folders = [.. block.Select(image => LabelFolder(folder, image))];
            foreach (string target in folders.Distinct())
                Directory.CreateDirectory(target);
            InvalidImageException?[] bad = Write(block, folders, augmentation, options, threads, workers);
            for (int i = 0; i < block.Length; i++)
            {
                if (bad[i] is { } error)
                {
                    leftOut.Add(error);
                    channel.Warning(MessageSensitivity.UserData, "Left out: {0}", error.Message);
                    continue;
                }
                for (int copy = 0; copy < options.Copies; copy++)
                    files.Add(new AugmentedFile { ImagePath = FileName(folders[i], block[i].Row, copy, options), Label = block[i].Label });
            }
        }
        invalidImages = leftOut.Images;
        return files;
    }

    /// <summary>Writes the files of a few rows on several threads.</summary>
    /// <returns>The problem with each row's image, or null.</returns>
    private static InvalidImageException?[] Write(
        SourceImage[] block,
        string[] folders,
        Augmentation augmentation,
        AugmentToFilesOptions options,
        int threads,
        ThreadLocal<Worker> workers
    )
    {
        var bad = new InvalidImageException?[block.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = options.CancellationToken };
        try
        {
            Parallel.For(
                0,
                block.Length,
                parallel,
                i =>
                {
                    try
                    {
                        workers.Value!.Write(block[i], folders[i], augmentation, options);
                    }
                    catch (InvalidImageException e)
                    {
                        bad[i] = e;
                    }
                }
            );
        }
        catch (AggregateException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
        }
        return bad;
    }

    /// <summary>A label's own folder; labels are data and must not lead out of it.</summary>
    private static string LabelFolder(string folder, SourceImage image)
    {
        string label = image.Label;
        if (
            label is "." or ".."
            || label.AsSpan().IndexOfAny(['/', '\\', '\0']) >= 0
            || label.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
        )
            throw new IOException(
                $"The label '{label}' of row {image.Row} cannot be the name of a folder. Set LabelColumnName to null, or map the labels."
            );
        return Path.Combine(folder, label);
    }

    private static string FileName(string folder, long row, int copy, AugmentToFilesOptions options) =>
        Path.Combine(folder, $"{row:D6}-{copy:D2}.{(options.JpegQuality is null ? "png" : "jpg")}");

    private sealed class Worker
    {
        private readonly PixelDecoder _decoder = new();
        private readonly AugmentationPlan _plan = new();
        private readonly WorkingImage _image = new();

        public void Write(SourceImage source, string folder, Augmentation augmentation, AugmentToFilesOptions options)
        {
            PlanarImage image = source.Decode(_decoder, SourceImages.ChannelsOf(options.Channels));
            for (int copy = 0; copy < options.Copies; copy++)
            {
                _plan.Begin(image.Width, image.Height, options.Width ?? image.Width, options.Height ?? image.Height);
                augmentation.Draw(DrawKey.For((ulong)options.Seed, copy, source.Row), _plan);
                _plan.End();
                ReadOnlySpan<byte> planes = _image.Run(_plan, image.Planes, image.Width, image.Height);
                using SKData encoded = ImageEncoder.Encode(planes, _plan.Width, _plan.Height, options.JpegQuality);
                TemporaryFile.Write(FileName(folder, source.Row, copy, options), encoded.ToArray());
            }
        }
    }
}
