using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>A batch's inputs and outputs, bound to a session for as long as they lie where they are. One thread at a time.</summary>
internal sealed class BatchBinding : IDisposable
{
    private readonly List<OrtValue> _inputs = [],
        _outputs = [];
    private RuntimeSession? _session;
    private OrtIoBinding? _binding;
    private object[] _bound = [];
    private long[] _sizes = [];

    /// <summary>Runs a session on a batch whose inputs are filled and whose outputs are large enough.</summary>
    public void Run(RuntimeSession session, ScoringPlan plan, ScoreBatch batch, int rows)
    {
        if (session != _session || !IsBound(batch, rows))
            Bind(session, plan, batch, rows);
        // Again each time: a provider with a memory of its own copies an input when it is bound.
        for (int i = 0; i < _inputs.Count; i++)
            _binding!.BindInput(plan.Inputs[i].Spec.Name, _inputs[i]);
        _binding!.SynchronizeBoundInputs();
        session.Run(_binding);
        _binding.SynchronizeBoundOutputs();
    }

    public void Dispose()
    {
        _binding?.Dispose();
        foreach (OrtValue value in _inputs.Concat(_outputs))
            value.Dispose();
        _inputs.Clear();
        _outputs.Clear();
        (_session, _binding) = (null, null);
    }

    private bool IsBound(ScoreBatch batch, int rows) =>
        _bound.SequenceEqual(batch.Buffers.Select(b => b.Storage), ReferenceEqualityComparer.Instance)
        && _sizes.AsSpan().SequenceEqual(SizesOf(batch, rows));

    /// <summary>The sizes that the shapes depend on.</summary>
    private static long[] SizesOf(ScoreBatch batch, int rows) => [rows, .. batch.Inputs.Select(i => (long)i.RowLength)];

    private void Bind(RuntimeSession session, ScoringPlan plan, ScoreBatch batch, int rows)
    {
        Dispose();
        _binding = session.CreateBinding();
        for (int i = 0; i < plan.Inputs.Count; i++)
            _inputs.Add(batch.Inputs[i].Buffer.ToOrtValue(plan.Inputs[i].ShapeOf(rows, batch.Inputs[i].RowLength)));
        for (int i = 0; i < plan.Outputs.Count; i++)
        {
            _outputs.Add(batch.Outputs[i].ToOrtValue(plan.Outputs[i].ShapeOf(rows)));
            _binding.BindOutput(plan.Outputs[i].Spec.Name, _outputs[i]);
        }
        (_session, _bound, _sizes) = (session, [.. batch.Buffers.Select(b => b.Storage)], SizesOf(batch, rows));
    }
}
