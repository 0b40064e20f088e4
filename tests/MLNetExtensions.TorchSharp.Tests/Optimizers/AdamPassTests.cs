using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Optimizers;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TorchSharp.Tests.Optimizers;

public class AdamPassTests
{
    public static TheoryData<AdamOptimizer, int> Rules =>
        new()
        {
            {
                new Adam { WeightDecay = 0.1f },
                1000
            },
            {
                new AdamW { WeightDecay = 0.1f, Beta1 = 0.8f },
                1000
            },
            // Enough for two threads, with parts that are not of one size.
            { new AdamW(), (1 << 19) + 4321 },
        };

    /// <summary>The vector operations are what a GPU runs.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void One_pass_is_the_same_as_vector_operations(AdamOptimizer rule, int size)
    {
        OnnxTensor start = Batches.Weight(new Random(1), "w", size);
        float[] pass = Run(singlePass: true),
            operations = Run(singlePass: false);
        Assert.NotEqual(start.ToFloats(), pass);
        Assert.Equal(operations, pass, (a, b) => Math.Abs(a - b) < 1e-5f);

        float[] Run(bool singlePass)
        {
            using var store = new ParameterStore(
                [start],
                [],
                new Dictionary<string, ParameterRule> { ["w"] = new(rule, new ParameterGroup(1, 0.5f)) },
                torch.CPU
            );
            var slots = rule.Slots.ToDictionary(slot => slot, _ => torch.zeros_like(store.Values));
            using var range = new ParameterRange(store.Groups[0], store, slots);
            var update = new AdamUpdate(rule, range, singlePass);
            using (torch.no_grad())
            {
                for (int step = 1; step <= 3; step++)
                {
                    SetGradient(store, "w", Batches.Weight(new Random(10 + step), "g", size).ToFloats());
                    update.Apply(step, 0.01f);
                }
            }
            foreach (Tensor slot in slots.Values)
                slot.Dispose();
            return store.Read("w").ToFloats();
        }
    }

    private static void SetGradient(ParameterStore store, string name, float[] values)
    {
        using Tensor source = torch.tensor(values);
        using Tensor gradient = store.TensorOf(name).grad!;
        using Tensor flat = gradient.view(-1);
        flat.copy_(source);
    }
}
