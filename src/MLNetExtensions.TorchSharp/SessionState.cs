using System.Buffers.Binary;
using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Optimizers;
using MLNetExtensions.Training;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The state, besides the weights, that a session's next step depends on, as named tensors: see
/// <see cref="Training.ITrainingSession.ReadState"/>.
/// </summary>
internal sealed class SessionState(
    ParameterStore parameters,
    FlatOptimizer optimizer,
    torch.Generator generator,
    GradientSum sum,
    AveragedWeights? averages
)
{
    /// <summary>Copies the state out.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Read()
    {
        using IDisposable scope = torch.NewDisposeScope();
        averages?.Show(false);
        var state = new Dictionary<string, OnnxTensor>();
        foreach ((string slot, string name, Tensor flat) in Parts(sum.Steps > 0))
            state.Add($"{slot}/{name}", parameters.ReadSlot(slot, name, flat));
        StateEntries.AddCounters(state, optimizer.Steps, sum);
        byte[] random = generator.get_state().cpu().bytes.ToArray();
        state.Add(StateEntries.Random, OnnxTensor.FromArray(StateEntries.Random, OnnxElementType.UInt8, [random.Length], random));
        return state;
    }

    /// <summary>Copies a state in, all of it or nothing.</summary>
    /// <exception cref="ArgumentException">The state is not one of such a session.</exception>
    public void Write(IReadOnlyDictionary<string, OnnxTensor> state)
    {
        bool accumulated = StateEntries.IsAccumulated(state);
        (long steps, int summed, float weight) = StateEntries.Check(
            state,
            Parts(accumulated).Select(p => (p.Slot, p.Name)),
            parameters.Check
        );

        using IDisposable scope = torch.NewDisposeScope();
        // The generator first: it refuses bytes that are not its own.
        if (state.TryGetValue(StateEntries.Random, out OnnxTensor? random))
            WriteRandom(random);
        averages?.Show(false);
        foreach ((string slot, string name, Tensor flat) in Parts(accumulated))
            parameters.WriteSlot(name, flat, state[$"{slot}/{name}"]);
        optimizer.Steps = steps;
        (sum.Steps, sum.Weight) = (summed, weight);
    }

    /// <summary>The tensors that hold state, parameter by parameter.</summary>
    private IEnumerable<(string Slot, string Name, Tensor Flat)> Parts(bool accumulated)
    {
        foreach ((string slot, Tensor flat) in optimizer.Slots)
        foreach (string name in parameters.TrainableNames)
            yield return (slot, name, flat);
        if (accumulated)
            foreach (string name in parameters.TrainableNames)
                yield return (StateEntries.Gradient, name, parameters.Gradients);
        if (averages is not null)
            foreach (string name in parameters.Names)
                yield return (StateEntries.Weights, name, parameters.IsTrainable(name) ? parameters.Values : parameters.State);
    }

    private void WriteRandom(OnnxTensor random)
    {
        ReadOnlySpan<byte> bytes = random.RawData.Span;
        using Tensor current = generator.get_state();
        // libtorch ends the process over bytes that it does not accept, so they are looked at before: the size, and for the processor's
        // generator (a Mersenne twister: seed, values left, whether seeded, next) the counters.
        bool accepted = random.ElementType == OnnxElementType.UInt8 && bytes.Length == current.numel();
        if (accepted && generator.device.type == DeviceType.CPU)
            accepted =
                BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is > 0 and <= 624
                && BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) == 1
                && BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) <= 624;
        if (!accepted)
            throw new ArgumentException(
                $"'{StateEntries.Random}' of the state is {random}, not a state of this runtime's generator on {generator.device}. "
                    + $"Leave it out to go on with other draws."
            );
        using Tensor state = torch.tensor(bytes.ToArray(), torch.ScalarType.Byte);
        generator.set_state(state);
    }
}
