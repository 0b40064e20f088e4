using System.Numerics.Tensors;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;

namespace MLNetExtensions.Peers.Figures;

/// <summary>ResNet-20 through compile, write-back, file and compile again: its published accuracy on CIFAR-10's 10,000 test pictures must be there.</summary>
internal static class ResNet20Reload
{
    private const int Batch = 250, Pixels = 3 * 32 * 32;

    public static double? Measure()
    {
        Backbone backbone = Backbone.FromFile(SharedData.PathOf("models", "resnet20_cifar10_bn.onnx"));
        OnnxGraph graph = PreprocessingGraph.Prepend(backbone.Graph, backbone.Preprocessing, cropInGraph: false, "pixels");
        var runtime = new TorchSharpRuntime();
        var options = new TrainingSessionOptions { Precision = TrainingPrecision.Float32 };
        OnnxGraph reloaded;
        using (ITrainingSession first = runtime.CreateSession(graph, options))
            reloaded = OnnxGraph.Load(new MemoryStream(graph.WithWeights(first.ReadWeights()).ToBytes()));
        using ITrainingSession session = runtime.CreateSession(reloaded, options);

        int right = 0, total = 0;
        var input = new float[Batch * Pixels];
        var output = new float[Batch * CifarSheets.Classes.Count];
        for (int label = 0; label < CifarSheets.Classes.Count; label++)
        {
            List<byte[]> pictures = CifarSheets.Read(SharedData.PathOf("data", "cifar10", "test", $"{CifarSheets.Classes[label]}.webp"));
            foreach (byte[][] batch in pictures.Chunk(Batch))
            {
                for (int i = 0; i < batch.Length; i++)
                    PlanarPixels.ToSingle(batch[i], input.AsSpan(i * Pixels, Pixels));
                Span<float> logits = output.AsSpan(0, batch.Length * CifarSheets.Classes.Count);
                session.Predict(new TrainingBatch { Count = batch.Length, Inputs = [input.AsMemory(0, batch.Length * Pixels)] }, logits);
                for (int i = 0; i < batch.Length; i++)
                    right += TensorPrimitives.IndexOfMax<float>(logits.Slice(i * CifarSheets.Classes.Count, CifarSheets.Classes.Count)) == label ? 1 : 0;
                total += batch.Length;
            }
        }
        Console.WriteLine($"{right} of {total} right");
        return 100.0 * right / total;
    }
}
