namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// The record of the steps that computed each value, and their gradients. The gradient of a step comes from TensorFlow's own registry
/// (<see cref="TensorFlowGraph.Gradients"/>), unless the step brings its own, where the registry has none or a slow one.
/// </summary>
internal sealed class Tape(TensorFlowGraph graph)
{
    private readonly List<Step> _steps = [];
    private readonly HashSet<Symbol> _differentiable = [];
    private readonly Dictionary<Symbol, Step> _makers = [];

    /// <summary>Marks a value to derive by: a parameter.</summary>
    public void Watch(Symbol parameter) => _differentiable.Add(parameter);

    /// <summary>True if a value depends on a watched one.</summary>
    public bool IsWatched(Symbol value) => _differentiable.Contains(value);

    /// <summary>Notes a step.</summary>
    /// <param name="name">The scope for the names of its gradient's ops.</param>
    /// <param name="inputs">The values it was computed from.</param>
    /// <param name="outputs">Its results, by position; those that are inputs themselves are skipped.</param>
    /// <param name="gradient">
    /// From the gradients of the outputs (null where nothing needs one) to those of the inputs (null for none), by position; null leaves it
    /// to the registry.
    /// </param>
    public void Record(string name, IReadOnlyList<Symbol> inputs, IReadOnlyList<Symbol> outputs, StepGradient? gradient = null)
    {
        Symbol[] sources = [.. inputs];
        if (!Array.Exists(sources, _differentiable.Contains))
            return;
        Symbol[] results = [.. outputs.Select(o => !sources.Contains(o) && o.Type.IsFloating() ? o : default)];
        if (Array.TrueForAll(results, r => r == default))
            return;
        var step = new Step(name, sources, results, gradient);
        _steps.Add(step);
        foreach (Symbol result in results.Where(r => r != default && _differentiable.Add(r)))
            _makers.Add(result, step);
    }

    /// <summary>True if a value was computed from another by the steps so far.</summary>
    public bool DependsOn(Symbol value, Symbol source)
    {
        var seen = new HashSet<Symbol>();
        var open = new Stack<Symbol>([value]);
        while (open.TryPop(out Symbol next))
        {
            if (!_makers.TryGetValue(next, out Step? maker))
                continue;
            foreach (Symbol input in maker.Inputs.Where(i => _differentiable.Contains(i) && seen.Add(i)))
            {
                if (input == source)
                    return true;
                open.Push(input);
            }
        }
        return false;
    }

    /// <summary>A step of one value to another, derived by the registry.</summary>
    public Symbol Derive(string name, Symbol x, Func<Symbol, Symbol> function)
    {
        Symbol y = function(x);
        Record(name, [x], [y]);
        return y;
    }

    /// <summary>Adds the way back from one value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="gradientOfValue">Its gradient.</param>
    /// <param name="between">Receives the gradients of the values in between; null if they are not wanted.</param>
    /// <returns>The gradient by each watched value; absent where there is none.</returns>
    public Dictionary<Symbol, Symbol> Backward(Symbol value, Symbol gradientOfValue, Dictionary<Symbol, Symbol>? between = null)
    {
        var terms = new Dictionary<Symbol, List<Symbol>> { [value] = [gradientOfValue] };
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            Step step = _steps[i];
            if (!step.Outputs.Any(o => o != default && terms.ContainsKey(o)))
                continue;
            using IDisposable scope = graph.Scope(step.Name);
            Symbol?[] outputs =
            [
                .. step.Outputs.Select(o => o != default && terms.Remove(o, out List<Symbol>? list) ? graph.AddN(list) : (Symbol?)null),
            ];
            for (int k = 0; between is not null && k < outputs.Length; k++)
                if (outputs[k] is { } known)
                    between[step.Outputs[k]] = known;
            foreach ((Symbol input, Symbol gradient) in Derive(step, outputs))
            {
                if (!terms.TryGetValue(input, out List<Symbol>? list))
                    terms.Add(input, list = []);
                list.Add(gradient);
            }
        }
        return terms.ToDictionary(t => t.Key, t => graph.AddN(t.Value));
    }

    private IEnumerable<(Symbol Input, Symbol Gradient)> Derive(Step step, Symbol?[] outputs)
    {
        if (step.Gradient is not null)
        {
            Symbol?[] own = step.Gradient(outputs);
            for (int i = 0; i < own.Length; i++)
                if (own[i] is { } gradient && _differentiable.Contains(step.Inputs[i]))
                    yield return (step.Inputs[i], gradient);
            yield break;
        }
        Symbol[] x = [.. step.Inputs.Where(_differentiable.Contains).Distinct()];
        (Symbol Y, Symbol Dy)[] given =
        [
            .. step.Outputs.Zip(outputs).Where(p => p.Second is not null).Select(p => (p.First, p.Second!.Value)),
        ];
        Symbol[] gradients = graph.Gradients([.. given.Select(g => g.Y)], x, [.. given.Select(g => g.Dy)]);
        for (int i = 0; i < x.Length; i++)
            yield return (x[i], gradients[i]);
    }

    private sealed record Step(string Name, Symbol[] Inputs, Symbol[] Outputs, StepGradient? Gradient);
}
