using System.Numerics.Tensors;
using Cifar10;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;

namespace MLNetExtensions.Peers.Figures;

/// <summary>
/// ResNet-20 through compile, write-back, file and compile again: its published accuracy on CIFAR-10's 10,000 test images must be there.
/// </summary>
internal static class ResNet20Reload
{
    private const int Batch = 250;

    public static double? Measure()
    {
        Backbone backbone = SharedModels.Read("resnet20_cifar10_bn");
        OnnxGraph graph = PreprocessingGraph.Prepend(backbone.Graph, backbone.Preprocessing, cropInGraph: false, "pixels");
        var runtime = new TorchSharpRuntime();
        var options = new TrainingSessionOptions { Precision = TrainingPrecision.Float32 };
        OnnxGraph reloaded;
        using (ITrainingSession first = runtime.CreateSession(graph, options))
            reloaded = OnnxGraph.Load(new MemoryStream(graph.WithWeights(first.ReadWeights()).ToBytes()));
        using ITrainingSession session = runtime.CreateSession(reloaded, options);

        ImageSet test = ImageSet.Read(SharedData.PathOf("data", "cifar10", "test"));
        int right = 0,
            classes = ImageSet.Classes.Length;
        var input = new float[Batch * ImageSet.Size];
        var output = new float[Batch * classes];
        for (int start = 0; start < test.Count; start += Batch)
        {
            int count = Math.Min(Batch, test.Count - start);
            PlanarPixels.ToSingle(test.Pixels.AsSpan(start * ImageSet.Size, count * ImageSet.Size), input);
            Span<float> logits = output.AsSpan(0, count * classes);
            session.Predict(new TrainingBatch { Count = count, Inputs = [input.AsMemory(0, count * ImageSet.Size)] }, logits);
            for (int i = 0; i < count; i++)
                right += TensorPrimitives.IndexOfMax<float>(logits.Slice(i * classes, classes)) == test.Labels[start + i] ? 1 : 0;
        }
        Console.WriteLine($"{right} of {test.Count} right");
        return 100.0 * right / test.Count;
    }
}
