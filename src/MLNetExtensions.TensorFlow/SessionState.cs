using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow;

/// <summary>What a session's next step depends on beside the weights, as named tensors: see <see cref="Training.ITrainingSession.ReadState"/>.</summary>
internal static class SessionState
{
    private const string Steps = "steps", Random = "random", Accumulated = "accumulated", Gradient = "gradient", Weights = "weights";

    /// <summary>Copies the state out.</summary>
    public static IReadOnlyDictionary<string, OnnxTensor> Read(TensorFlowSession session)
    {
        var state = new Dictionary<string, OnnxTensor>();
        foreach (var part in Parts(session, session.Summed > 0))
        {
            float[] flat = session.Engine.Read(part.Variable);
            foreach (ParameterEntry entry in part.Entries)
                state.Add($"{part.Slot}/{entry.Name}", entry.Read($"{part.Slot}/{entry.Name}", flat));
        }
        state.Add(Steps, OnnxTensor.FromInt64s(Steps, [], [session.Updates]));
        if (session.Summed > 0)
            state.Add(Accumulated, OnnxTensor.FromFloats(Accumulated, [2], [session.Summed, session.SummedWeight]));
        state.Add(Random, OnnxTensor.FromInt64s(Random, [1], [session.Draws]));
        return state;
    }

    /// <summary>Copies a state in, all of it or nothing.</summary>
    /// <exception cref="ArgumentException">The state is not one of such a session.</exception>
    public static void Write(TensorFlowSession session, IReadOnlyDictionary<string, OnnxTensor> state)
    {
        bool accumulated = state.ContainsKey(Accumulated);
        var known = new HashSet<string> { Steps, Random, Accumulated };
        foreach (var part in Parts(session, accumulated))
        {
            foreach (ParameterEntry entry in part.Entries)
            {
                string key = $"{part.Slot}/{entry.Name}";
                known.Add(key);
                session.Layout.Check(entry.Name, Entry(key), key);
            }
        }
        long steps = Entry(Steps) is { ElementType: OnnxElementType.Int64, Count: 1 } count
            ? count.ToInt64s()[0]
            : throw new ArgumentException($"'{Steps}' of the state is {state[Steps]}, expected one 64-bit integer.");
        float[] summed = !accumulated ? [0, 0]
            : state[Accumulated] is { ElementType: OnnxElementType.Float, Count: 2 } pair ? pair.ToFloats()
            : throw new ArgumentException($"'{Accumulated}' of the state is {state[Accumulated]}, expected two floats: steps and weight.");
        long draws = !state.TryGetValue(Random, out OnnxTensor? random) ? session.Draws
            : random is { ElementType: OnnxElementType.Int64, Count: 1 } ? random.ToInt64s()[0]
            : throw new ArgumentException($"'{Random}' of the state is {random}, not a state of this runtime's generator. Leave it out to go on with other draws.");
        if (state.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            throw new ArgumentException($"The state has '{unknown}', which this session does not know: it is of another network or of other options.");

        foreach (var part in Parts(session, accumulated))
            session.Change(part.Variable, part.Entries.Select(entry => KeyValuePair.Create(entry.Name, state[$"{part.Slot}/{entry.Name}"])));
        (session.Updates, session.Summed, session.SummedWeight, session.Draws) = (steps, (int)summed[0], summed[1], draws);

        OnnxTensor Entry(string key) => state.TryGetValue(key, out OnnxTensor? value)
            ? value
            : throw new ArgumentException($"The state lacks '{key}': it is of another network or of other options.");
    }

    /// <summary>The variables that hold state, and whose parts of them.</summary>
    private static IEnumerable<(string Slot, Variable Variable, IEnumerable<ParameterEntry> Entries)> Parts(TensorFlowSession session, bool accumulated)
    {
        SessionVariables variables = session.Engine.Variables;
        foreach ((string slot, Variable variable) in variables.Slots)
            yield return (slot, variable, session.Layout.Trainable);
        if (accumulated)
            yield return (Gradient, variables.Gradients, session.Layout.Trainable);
        if (session.Options.WeightAveraging is null)
            yield break;
        yield return (Weights, variables.Values, session.Layout.Trainable);
        yield return (Weights, variables.State, session.Layout.State);
    }
}
