using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow;

/// <summary>
/// The state, besides the weights, that a session's next step depends on, as named tensors: see <see cref="ITrainingSession.ReadState"/>.
/// </summary>
internal static class SessionState
{
    /// <summary>Copies the state out.</summary>
    public static IReadOnlyDictionary<string, OnnxTensor> Read(TensorFlowSession session)
    {
        var state = new Dictionary<string, OnnxTensor>();
        foreach (var part in Parts(session, session.Sum.Steps > 0))
        {
            float[] flat = session.Engine.Read(part.Variable);
            foreach (ParameterEntry entry in part.Entries)
                state.Add($"{part.Slot}/{entry.Name}", entry.Read($"{part.Slot}/{entry.Name}", flat));
        }
        StateEntries.AddCounters(state, session.Updates, session.Sum);
        state.Add(StateEntries.Random, OnnxTensor.FromInt64s(StateEntries.Random, [1], [session.Draws]));
        if (session.LossScale is { } scale)
            state.Add(StateEntries.LossScale, scale.Read());
        return state;
    }

    /// <summary>Copies a state in, all of it or nothing.</summary>
    /// <exception cref="ArgumentException">The state is not one of such a session.</exception>
    public static void Write(TensorFlowSession session, IReadOnlyDictionary<string, OnnxTensor> state)
    {
        bool accumulated = StateEntries.IsAccumulated(state);
        (long steps, int summed, float weight) = StateEntries.Check(
            state,
            Parts(session, accumulated).SelectMany(part => part.Entries, (part, entry) => (part.Slot, entry.Name)),
            session.Layout.Check
        );
        long draws =
            !state.TryGetValue(StateEntries.Random, out OnnxTensor? random) ? session.Draws
            : random is { ElementType: OnnxElementType.Int64, Count: 1 } ? random.ToInt64s()[0]
            : throw new ArgumentException(
                $"'{StateEntries.Random}' of the state is {random}, not a state of this runtime's generator. Leave it out to go on with "
                    + $"other draws."
            );

        Action? scale = state.TryGetValue(StateEntries.LossScale, out OnnxTensor? entry) ? session.LossScale?.Prepare(entry) : null;
        foreach (var part in Parts(session, accumulated))
            session.Change(
                part.Variable,
                part.Entries.Select(entry => KeyValuePair.Create(entry.Name, state[$"{part.Slot}/{entry.Name}"]))
            );
        (session.Updates, session.Draws) = (steps, draws);
        (session.Sum.Steps, session.Sum.Weight) = (summed, weight);
        scale?.Invoke();
    }

    /// <summary>The variables that hold state, and whose parts of them.</summary>
    private static IEnumerable<(string Slot, Variable Variable, IEnumerable<ParameterEntry> Entries)> Parts(
        TensorFlowSession session,
        bool accumulated
    )
    {
        SessionVariables variables = session.Engine.Variables;
        foreach ((string slot, Variable variable) in variables.Slots)
            yield return (slot, variable, session.Layout.Trainable);
        if (accumulated)
            yield return (StateEntries.Gradient, variables.Gradients, session.Layout.Trainable);
        if (session.Options.WeightAveraging is null)
            yield break;
        yield return (StateEntries.Weights, variables.Values, session.Layout.Trainable);
        yield return (StateEntries.Weights, variables.State, session.Layout.State);
    }
}
