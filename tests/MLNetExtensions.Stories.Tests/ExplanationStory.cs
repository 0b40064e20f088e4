using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Explanation;
using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Onnx;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>Someone wants to know whether a model looks at the shapes, or at the ground.</summary>
public sealed class ExplanationStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Heat_maps_lie_on_the_shapes_also_of_the_exported_file()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        var options = new TrainNetworkOptions
        {
            Network = new TinyNetwork(),
            ImageColumnName = "ImagePath",
            Epochs = 20,
            LearningRate = 0.02f,
        };
        using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);

        ImageExplanation[] explanations = [.. ml.Vision().Explain(model, photos)];

        Assert.Equal(36, explanations.Length);
        Assert.True(explanations.Count(IsInTheMiddle) >= 32);
        string overlay = _folder.File("overlay.png"),
            file = _folder.File("shapes.onnx");
        explanations[0].Heatmap.Save(overlay);
        Assert.True(new FileInfo(overlay).Length > 100);

        // A colleague has the exported file only.
        model.ExportOnnx(file);
        var other = new MLContext(seed: 1);
        ImageExplanation[] again =
        [
            .. other.Vision().Explain(OnnxGraph.Load(file), photos, new ExplanationOptions { Method = new Occlusion { Window = 8 } }),
        ];
        Assert.Equal(explanations.Select(e => e.ClassName), again.Select(e => e.ClassName));
        Assert.True(again.Count(IsInTheMiddle) >= 32);

        IDataView step = ml.Transforms.ExplainImage(model).Fit(photos).Transform(photos);
        Assert.Equal(
            explanations.Select(e => e.Heatmap.Normalize().Sum()),
            step.GetColumn<float[]>("Heatmap").Select(map => map.Sum()),
            (a, b) => Math.Abs(a - b) < 0.1f
        );
    }

    /// <summary>The shapes are drawn around the middle; the outer six pixels are hardly ever of them.</summary>
    private static bool IsInTheMiddle(ImageExplanation explanation)
    {
        float[] map = [.. explanation.Heatmap.Values];
        int place = Array.IndexOf(map, map.Max()),
            x = place % explanation.Heatmap.Width,
            y = place / explanation.Heatmap.Width;
        return x is >= 3 and < Shape.Side - 3 && y is >= 3 and < Shape.Side - 3;
    }
}
