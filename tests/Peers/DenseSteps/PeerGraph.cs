using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.Peers.DenseSteps;

/// <summary>A captured step as files that PyTorch's script reads: the graph with its loss, the batch, and which parameters learn how fast.</summary>
internal sealed class PeerGraph : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PeerGraph(OnnxGraph graph, TrainingSessionOptions options, TrainingBatch batch, float learningRate)
    {
        graph.Save(Path.Combine(_folder.Path, "graph.onnx"));
        var adam = (AdamW)options.Optimizer;
        var inputs = new JsonArray();
        foreach ((OnnxValue input, ReadOnlyMemory<float> values) in graph.Inputs.Zip(batch.Inputs))
        {
            string file = $"{inputs.Count}.bin";
            File.WriteAllBytes(Path.Combine(_folder.Path, file), MemoryMarshal.AsBytes(values.Span));
            int rest = 1;
            JsonArray shape = [batch.Count];
            foreach (long size in input.Shape!.Skip(1).Select(size => size.Size!.Value))
            {
                shape.Add(size);
                rest *= (int)size;
            }
            if (values.Length != batch.Count * rest)
                throw new InvalidOperationException(
                    $"The input '{input.Name}' has {values.Length} values, its shape {batch.Count} x {rest}."
                );
            inputs.Add(
                new JsonObject
                {
                    ["name"] = input.Name,
                    ["file"] = file,
                    ["shape"] = shape,
                }
            );
        }
        File.WriteAllText(
            Path.Combine(_folder.Path, "step.json"),
            new JsonObject
            {
                ["inputs"] = inputs,
                ["output"] = graph.Outputs[0].Name,
                ["parameters"] = new JsonArray([
                    .. options.TrainableParameters!.Select(name => new JsonObject
                    {
                        ["name"] = name,
                        ["rate"] = learningRate * options.ParameterGroups[name].LearningRate,
                        ["decay"] = adam.WeightDecay * options.ParameterGroups[name].WeightDecay,
                    }),
                ]),
            }.ToJsonString()
        );
    }

    /// <summary>The folder of the files.</summary>
    public string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();
}
