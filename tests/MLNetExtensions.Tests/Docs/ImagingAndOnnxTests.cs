using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData.Photos;
using MLNetExtensions.Tests.Data;
using MLNetExtensions.Tests.Onnx.Passes;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

/// <summary>The README's blocks of what is of use without ML.NET.</summary>
public sealed class ImagingAndOnnxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images()
    {
        string photoFile = _folder.Add("photo.jpg", DrawnPhoto.Encode(1, 320, 240)),
            augmentedFile = Path.Combine(_folder.Path, "augmented.png");

        Augment.Standard().Apply(RasterImage.Load(photoFile), seed: 1).Save(augmentedFile);

        var preprocessing = new ImagePreprocessing { Width = 224, Height = 224 };
        RasterImage canvas = RasterImage.Load(photoFile, preprocessing);
        float[] input = Augment.Standard().Apply(canvas, preprocessing, seed: 1, epoch: 0, row: 0).ToTensor(preprocessing); // [3, 224, 224]

        Assert.Equal(320, RasterImage.Load(augmentedFile).Width);
        Assert.Equal(3 * 224 * 224, input.Length);
    }

    [Fact]
    public void Graphs()
    {
        string graphFile = Path.Combine(_folder.Path, "model.onnx"),
            bodyFile = Path.Combine(_folder.Path, "body.onnx");
        OnnxGraph model = PassCases.Graph(
            [-1, 4],
            [
                OnnxNode.Create("Tanh", ["x"], ["image"]),
                OnnxNode.Create("Relu", ["image"], ["features"]),
                OnnxNode.Create("Softmax", ["features"], ["y"]),
            ]
        );
        model.Save(graphFile);

        OnnxGraph graph = OnnxGraph.Load(graphFile);
        foreach (OnnxProblem problem in graph.Check()) // undefined values, doubled names, unknown operators, shapes that do not fit
            Console.WriteLine(problem);
        OnnxGraph body = graph.Extract(["image"], ["features"]); // as onnx.utils.extract_model does
        OpsetUpgrade.Apply(body).Save(bodyFile);

        Assert.Equal("Relu", Assert.Single(OnnxGraph.Load(bodyFile).Nodes).OpType);
    }
}
