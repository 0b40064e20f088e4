using System.Buffers.Binary;
using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp.Optimizers;

namespace MLNetExtensions.TorchSharp;

/// <summary>What a session's next step depends on beside the weights, as named tensors: see <see cref="Training.ITrainingSession.ReadState"/>.</summary>
internal sealed class SessionState(
    ParameterStore parameters, FlatOptimizer optimizer, torch.Generator generator, GradientSum sum, AveragedWeights? averages)
{
    private const string Steps = "steps", Random = "random", Accumulated = "accumulated", Gradient = "gradient", Weights = "weights";

    /// <summary>Copies the state out.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> Read()
    {
        using IDisposable scope = torch.NewDisposeScope();
        averages?.Show(false);
        var state = new Dictionary<string, OnnxTensor>();
        foreach ((string slot, string name, Tensor flat) in Parts(sum.Steps > 0))
            state.Add($"{slot}/{name}", parameters.ReadSlot(slot, name, flat));
        state.Add(Steps, OnnxTensor.FromInt64s(Steps, [], [optimizer.Steps]));
        if (sum.Steps > 0)
            state.Add(Accumulated, OnnxTensor.FromFloats(Accumulated, [2], [sum.Steps, sum.Weight]));
        byte[] random = generator.get_state().cpu().bytes.ToArray();
        state.Add(Random, OnnxTensor.FromArray(Random, OnnxElementType.UInt8, [random.Length], random));
        return state;
    }

    /// <summary>Copies a state in, all of it or nothing.</summary>
    /// <exception cref="ArgumentException">The state is not one of such a session.</exception>
    public void Write(IReadOnlyDictionary<string, OnnxTensor> state)
    {
        bool accumulated = state.ContainsKey(Accumulated);
        var known = new HashSet<string> { Steps, Random, Accumulated };
        foreach ((string slot, string name, _) in Parts(accumulated))
        {
            string key = $"{slot}/{name}";
            known.Add(key);
            parameters.Check(name, Entry(key), key);
        }
        long steps = Entry(Steps) is { ElementType: OnnxElementType.Int64, Count: 1 } count
            ? count.ToInt64s()[0]
            : throw new ArgumentException($"'{Steps}' of the state is {state[Steps]}, expected one 64-bit integer.");
        float[] summed = !accumulated ? [0, 0]
            : state[Accumulated] is { ElementType: OnnxElementType.Float, Count: 2 } pair ? pair.ToFloats()
            : throw new ArgumentException($"'{Accumulated}' of the state is {state[Accumulated]}, expected two floats: steps and weight.");
        if (state.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            throw new ArgumentException($"The state has '{unknown}', which this session does not know: it is of another network or of other options.");

        using IDisposable scope = torch.NewDisposeScope();
        // The generator first: it refuses bytes that are not its own.
        if (state.TryGetValue(Random, out OnnxTensor? random))
            WriteRandom(random);
        averages?.Show(false);
        foreach ((string slot, string name, Tensor flat) in Parts(accumulated))
            parameters.WriteSlot(name, flat, state[$"{slot}/{name}"]);
        optimizer.Steps = steps;
        (sum.Steps, sum.Weight) = ((int)summed[0], summed[1]);

        OnnxTensor Entry(string key) => state.TryGetValue(key, out OnnxTensor? value)
            ? value
            : throw new ArgumentException($"The state lacks '{key}': it is of another network or of other options.");
    }

    /// <summary>The tensors that hold state, parameter by parameter.</summary>
    private IEnumerable<(string Slot, string Name, Tensor Flat)> Parts(bool accumulated)
    {
        foreach ((string slot, Tensor flat) in optimizer.Slots)
            foreach (string name in parameters.TrainableNames)
                yield return (slot, name, flat);
        if (accumulated)
            foreach (string name in parameters.TrainableNames)
                yield return (Gradient, name, parameters.Gradients);
        if (averages is not null)
            foreach (string name in parameters.Names)
                yield return (Weights, name, parameters.IsTrainable(name) ? parameters.Values : parameters.State);
    }

    private void WriteRandom(OnnxTensor random)
    {
        ReadOnlySpan<byte> bytes = random.RawData.Span;
        using Tensor current = generator.get_state();
        // libtorch ends the process over bytes that it does not accept, so they are looked at before: the size, and for the processor's generator
        // (a Mersenne twister: seed, values left, whether seeded, next) the counters.
        bool accepted = random.ElementType == OnnxElementType.UInt8 && bytes.Length == current.numel();
        if (accepted && generator.device.type == DeviceType.CPU)
            accepted = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is > 0 and <= 624
                && BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) == 1
                && BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) <= 624;
        if (!accepted)
            throw new ArgumentException(
                $"'{Random}' of the state is {random}, not a state of this runtime's generator on {generator.device}. Leave it out to go on with other draws.");
        using Tensor state = torch.tensor(bytes.ToArray(), torch.ScalarType.Byte);
        generator.set_state(state);
    }
}
