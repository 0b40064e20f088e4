using System.IO.Compression;
using Microsoft.ML;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Somebody repeats what a colleague did, on the same machine with the same seed, and gets the same bytes.</summary>
public sealed class SameBytesStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 24);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FineTuneDepth.Head)]
    [InlineData(FineTuneDepth.All)]
    public void Fine_tuned(FineTuneDepth depth) => AssertSame(ml => FineTuned(ml, depth));

    [Fact]
    public void Trained_from_scratch() => AssertSame(Trained);

    [Fact]
    public void Quantized() =>
        AssertSame(ml =>
        {
            using TrainNetworkTransformer model = TrainedModel(ml);
            return ml.Vision()
                .Quantize(model.Model, new QuantizeOptions { CalibrationSet = Data(ml), ImageColumnName = "ImagePath" })
                .Model.ToBytes();
        });

    [Fact]
    public void Saved() =>
        AssertSame(ml =>
        {
            using TrainNetworkTransformer model = TrainedModel(ml);
            string file = _folder.File("model.zip");
            ml.Model.SaveAtomic(model, Data(ml).Schema, file);
            // The archive has times of its entries; what is in them is the model.
            using ZipArchive zip = ZipFile.OpenRead(file);
            using var content = new MemoryStream();
            foreach (ZipArchiveEntry entry in zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                using Stream part = entry.Open();
                part.CopyTo(content);
            }
            return content.ToArray();
        });

    public enum FineTuneDepth
    {
        Head,
        All,
    }

    private static void AssertSame(Func<MLContext, byte[]> make) =>
        Assert.Equal(make(new MLContext(seed: 7)), make(new MLContext(seed: 7)));

    private IDataView Data(MLContext ml)
    {
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
    }

    private byte[] FineTuned(MLContext ml, FineTuneDepth depth)
    {
        using FineTuneTransformer model = ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = TinyNetwork.Backbone(),
                    ImageColumnName = "ImagePath",
                    TrainableLayers = depth == FineTuneDepth.Head ? FineTuneLayers.Head : FineTuneLayers.All,
                    Epochs = 2,
                    ValidationFraction = 0.25f,
                }
            )
            .Fit(Data(ml));
        return model.Model.ToBytes();
    }

    private byte[] Trained(MLContext ml)
    {
        using TrainNetworkTransformer model = TrainedModel(ml);
        return model.Model.ToBytes();
    }

    private TrainNetworkTransformer TrainedModel(MLContext ml) =>
        ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 2,
                    Augmentation = Imaging.Augmentations.Augment.Standard(),
                }
            )
            .Fit(Data(ml));
}
