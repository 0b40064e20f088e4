using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Tensors;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Sessions;

/// <summary>
/// The relation between the rows of a batch in a session's model. It is determined once, and logged if it costs speed. Thread-safe.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="context">The context, for its log.</param>
/// <param name="outline">The model's graph; null if it cannot be followed.</param>
internal sealed class SessionRows(OnnxSession session, MLContext context, OnnxGraph? outline)
{
    private readonly Lock _finding = new();
    private readonly Dictionary<string, RowFinding> _found = [];
    private bool _isSaid;

    /// <summary>True if the model has operators that give as many values as the others' values say, such as a number of boxes.</summary>
    public bool HasSizesOfValues { get; } =
        outline?.Nodes.Any(node => node.Domain.Length == 0 && node.OpType is "NonMaxSuppression" or "NonZero" or "Unique" or "Compress")
        ?? false;

    /// <summary>Finds out whether rows that are scored together depend on each other.</summary>
    public RowFinding Find(ScoringPlan plan)
    {
        string key = string.Join('|', plan.Inputs.Select(i => $"{i.Axis}:{string.Join(',', i.Sizes)}").Concat(plan.OutputNames));
        lock (_finding)
        {
            if (_found.TryGetValue(key, out RowFinding? known))
                return known;
            RowFinding found = OfGraph(plan);
            if (found.Verdict == RowVerdict.Unknown)
                found = Try(plan, found);
            _found[key] = found;
            if (!found.IsIndependent && !_isSaid)
            {
                _isSaid = true;
                ScoringLog.Warn(
                    context,
                    $"The model {session.Source.Name} is scored row by row, which is slower: {found.Why}, so that in a batch a row's "
                        + $"scores would depend on the rows beside it."
                );
            }
            return found;
        }
    }

    private RowFinding OfGraph(ScoringPlan plan) =>
        outline is null
            ? new RowFinding(RowVerdict.Unknown, "its graph cannot be followed")
            : RowIndependence.Find(
                outline,
                [.. plan.Inputs.Select(i => new RowInput(i.Spec.Name, i.Axis, i.Spec.Sizes.Count == 0 ? null : i.Sizes))],
                plan.OutputNames
            );

    private RowFinding Try(ScoringPlan plan, RowFinding unknown)
    {
        var engine = new ScoringEngine(session, plan, []);
        using ScoreBatch batch = engine.NewBatch(Math.Max(3, plan.FixedRows ?? 0));
        return new RowProbe(Run, plan.FixedRows ?? int.MaxValue).AreIndependent() switch
        {
            true => RowFinding.Independent,
            false => unknown with { Verdict = RowVerdict.Dependent },
            null => unknown with { Verdict = RowVerdict.Dependent, Why = unknown.Why + " (it could not be tried)" },
        };

        double[][][]? Run(int[] kinds)
        {
            batch.Clear();
            batch.Count = kinds.Length;
            for (int i = 0; i < plan.Inputs.Count; i++)
                Fill(plan.Inputs[i], batch.Inputs[i], kinds, plan.RowsToRun(kinds.Length));
            try
            {
                engine.Run(batch);
            }
            catch (Exception e) when (e is OnnxRuntimeException or InvalidOperationException)
            {
                return null;
            }
            return [.. batch.Outputs.Select(output => Rows(output, plan.RowsToRun(kinds.Length), kinds.Length))];
        }
    }

    private static void Fill(PlannedInput plan, BatchInput input, int[] kinds, int rows)
    {
        int length = plan.RowLength ?? (int)plan.Sizes.Aggregate(1L, (product, size) => size < 0 ? product : product * size);
        input.RowLength = length;
        input.Buffer.Resize((long)length * rows);
        var samples = new double[length];
        for (int row = 0; row < kinds.Length; row++)
        {
            RowProbe.Samples(kinds[row], samples);
            input.Buffer.SetSamples(row * length, samples);
        }
    }

    private static double[][] Rows(TensorBuffer output, int all, int wanted)
    {
        int length = output.Length / all;
        return [.. Enumerable.Range(0, wanted).Select(row => Enumerable.Range(row * length, length).Select(output.NumberAt).ToArray())];
    }
}
