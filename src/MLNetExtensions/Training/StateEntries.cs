using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training;

/// <summary>The entries of a session's state that every runtime has, as <see cref="ITrainingSession.ReadState"/> documents them.</summary>
internal static class StateEntries
{
    /// <summary>The number of updates so far.</summary>
    public const string Steps = "steps";

    /// <summary>The entry, in the middle of gradient accumulation, of the number of steps and the sum of their target weights.</summary>
    private const string Accumulated = "accumulated";

    /// <summary>The state of the generator behind dropout, in the runtime's own form.</summary>
    public const string Random = "random";

    /// <summary>The slot of summed gradients.</summary>
    public const string Gradient = "gradient";

    /// <summary>The slot of the weights that training goes on with, where the session shows their average.</summary>
    public const string Weights = "weights";

    /// <summary>
    /// The entry, for a session in 16-bit floats, of the loss's scale and the number of steps since it changed. Other sessions ignore it.
    /// </summary>
    public const string LossScale = "loss_scale";

    /// <summary>Adds the counters.</summary>
    public static void AddCounters(Dictionary<string, OnnxTensor> state, long steps, GradientSum sum)
    {
        state.Add(Steps, OnnxTensor.FromInt64s(Steps, [], [steps]));
        if (sum.Steps > 0)
            state.Add(Accumulated, OnnxTensor.FromFloats(Accumulated, [2], [sum.Steps, sum.Weight]));
    }

    /// <summary>True if a state was taken in the middle of gradient accumulation.</summary>
    public static bool IsAccumulated(IReadOnlyDictionary<string, OnnxTensor> state) => state.ContainsKey(Accumulated);

    /// <summary>The optimizer's mean of squared gradients.</summary>
    private const string Square = "square";

    /// <summary>A state without what drives the weights further the way they went; the generator behind dropout goes on.</summary>
    /// <param name="state">The state.</param>
    /// <param name="fromNothing">
    /// Whether all slots are as before the first step, for states that may hold numbers that are none; otherwise means of squared gradients
    /// stay, so that the next steps are small and not the largest of all.
    /// </param>
    public static Dictionary<string, OnnxTensor> Halt(IReadOnlyDictionary<string, OnnxTensor> state, bool fromNothing)
    {
        var begun = new Dictionary<string, OnnxTensor>();
        foreach ((string key, OnnxTensor value) in state)
        {
            if (key == Accumulated || key.StartsWith(Gradient + "/", StringComparison.Ordinal))
                continue;
            bool isSlot =
                key.Contains('/', StringComparison.Ordinal)
                && !key.StartsWith(Weights + "/", StringComparison.Ordinal)
                && (fromNothing || !key.StartsWith(Square + "/", StringComparison.Ordinal));
            begun[key] =
                key == Steps && fromNothing ? OnnxTensor.FromInt64s(Steps, [], [0])
                : isSlot ? OnnxTensor.FromFloats(value.Name, [.. value.Shape], new float[value.Count])
                : value;
        }
        return begun;
    }

    /// <summary>Checks a whole state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="parts">The slots that must be there, parameter by parameter.</param>
    /// <param name="check">Checks a parameter's value, under the name that the last argument gives it.</param>
    /// <returns>The number of updates, and the steps and weights of an accumulation.</returns>
    /// <exception cref="ArgumentException">The state is not one of such a session.</exception>
    public static (long Steps, int Summed, float Weight) Check(
        IReadOnlyDictionary<string, OnnxTensor> state,
        IEnumerable<(string Slot, string Name)> parts,
        Action<string, OnnxTensor, string> check
    )
    {
        var known = new HashSet<string> { Steps, Random, Accumulated, LossScale };
        foreach ((string slot, string name) in parts)
        {
            string key = $"{slot}/{name}";
            known.Add(key);
            check(name, Entry(key), key);
        }
        long steps = Entry(Steps) is { ElementType: OnnxElementType.Int64, Count: 1 } count
            ? count.ToInt64s()[0]
            : throw new ArgumentException($"'{Steps}' of the state is {state[Steps]}, expected one 64-bit integer.");
        float[] summed =
            !IsAccumulated(state) ? [0, 0]
            : state[Accumulated] is { ElementType: OnnxElementType.Float, Count: 2 } pair ? pair.ToFloats()
            : throw new ArgumentException($"'{Accumulated}' of the state is {state[Accumulated]}, expected two floats: steps and weight.");
        if (state.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
            throw new ArgumentException(
                $"The state has '{unknown}', which this session does not know: it is of another network or of other options."
            );
        return (steps, (int)summed[0], summed[1]);

        OnnxTensor Entry(string key) =>
            state.TryGetValue(key, out OnnxTensor? value)
                ? value
                : throw new ArgumentException($"The state lacks '{key}': it is of another network or of other options.");
    }
}
