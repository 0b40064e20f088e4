using System.Security.Cryptography;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Faults.Kills;

/// <summary>What the kinds have in common: images, a small network, a fitted head, hashes.</summary>
internal static class KillWork
{
    private const int Side = 24,
        Images = 24;

    /// <summary>Writes the images that all kinds read.</summary>
    public static void DrawPhotos(string folder)
    {
        for (int i = 0; i < Images; i++)
        {
            bool isBright = i % 2 == 0;
            var random = new Random(i);
            byte[] planes = new byte[3 * Side * Side];
            for (int p = 0; p < planes.Length; p++)
                planes[p] = (byte)(random.Next(100) + (isBright ? 150 : 0));
            string target = Directory.CreateDirectory(Path.Combine(folder, isBright ? "bright" : "dark")).FullName;
            new RasterImage(Side, Side, 3, planes).Save(Path.Combine(target, $"{i}.png"));
        }
    }

    public static MLContext Context(KillPlace place) => new(seed: 1) { TempFilePath = place.Temporary };

    /// <summary>The images with keys as labels.</summary>
    public static IDataView Photos(MLContext ml, KillPlace place)
    {
        IDataView photos = ml.Data.LoadFromImageFolder(place.Photos);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
    }

    /// <summary>A head on the backbone of this library.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="place">The images.</param>
    /// <param name="cacheFolder">The folder of caches; null for none.</param>
    public static FineTuneTransformer Head(MLContext ml, KillPlace place, string? cacheFolder = null) =>
        ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = Backbone.FromCatalog("cifarnet_cifar10"),
                    ImageColumnName = "ImagePath",
                    Epochs = 4,
                    Threads = 1,
                    Seed = 1,
                    CacheFolder = cacheFolder,
                }
            )
            .Fit(Photos(ml, place));

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    public static string HashFiles(string folder) =>
        Hash([
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(file => System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)).Concat(File.ReadAllBytes(file))),
        ]);

    /// <summary>A convolution and a dense layer; the more features, the longer a checkpoint takes to write.</summary>
    public sealed record SmallNetwork : Network
    {
        public int Features { get; init; } = 8;

        protected override NetworkValue Declare(NetworkValue images, int outputs) =>
            images.Then(
                new Conv2D(4, 3) { Strides = 4, Padding = Padding.Same },
                new Relu(),
                new Flatten(),
                new Dense(Features),
                new Relu(),
                new Dense(outputs)
            );
    }
}
