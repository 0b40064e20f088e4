using Cifar10;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.TestData;

namespace MLNetExtensions.Peers.Figures;

/// <summary>CIFAR-10 as data views of Image (pixels) and Label (key), and the published ResNet-20 that classifies it at 91.73 %.</summary>
internal static class CifarView
{
    public static Backbone ResNet20 => SharedModels.Read("resnet20_cifar10_bn");

    public static ImageSet Training => ImageSet.Read(SharedData.PathOf("data", "cifar10", "train"));

    public static ImageSet Test => ImageSet.Read(SharedData.PathOf("data", "cifar10", "test"));

    /// <summary>Some images of a set, drawn by a seed.</summary>
    public static ImageSet Draw(ImageSet set, int count, int seed)
    {
        int[] rows = [.. Enumerable.Range(0, set.Count)];
        new Random(seed).Shuffle(rows);
        return set.Take(rows.AsSpan(0, count));
    }

    /// <summary>The set as rows.</summary>
    public static IDataView Of(MLContext ml, ImageSet set)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), ImageSet.Classes.Length);
        return ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, set.Count)
                .Select(i =>
                {
                    var row = new Row { Label = (uint)set.Labels[i] };
                    PlanarPixels.ToSingle(set.Pixels.AsSpan(i * ImageSet.Size, ImageSet.Size), row.Image);
                    return row;
                }),
            schema
        );
    }

    private sealed class Row
    {
        [VectorType(ImageSet.Channels, ImageSet.Side, ImageSet.Side)]
        public float[] Image { get; set; } = new float[ImageSet.Size];

        public uint Label { get; set; }
    }
}
