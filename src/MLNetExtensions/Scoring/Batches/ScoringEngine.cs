using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tensors;
using MLNetExtensions.Sessions;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>
/// A model with its columns: what batches and single rows are scored with. Thread-safe; all state of a run is in its batch.
/// </summary>
/// <param name="session">The model.</param>
/// <param name="plan">The layout of rows in its inputs and outputs.</param>
/// <param name="sources">The sources of its inputs, in their order.</param>
/// <param name="invalidImages">The handling of images that cannot be read.</param>
internal sealed class ScoringEngine(
    OnnxSession session,
    ScoringPlan plan,
    IReadOnlyList<InputSource> sources,
    InvalidImageLog? invalidImages = null
)
{
    public OnnxSession Session => session;

    /// <summary>The columns that the inputs come from.</summary>
    public IEnumerable<DataViewSchema.Column> ColumnsOf(DataViewSchema schema) =>
        sources.Select(s => schema[s.ColumnName]).DistinctBy(c => c.Index);

    public ScoreBatch NewBatch(int? rows = null) => new(plan, rows ?? plan.BatchSize);

    /// <summary>Opens the columns of a cursor, or of a single row.</summary>
    public RowReader Open(DataViewRow row) => new(plan, [.. sources.Select(s => s.Open(row))], invalidImages);

    /// <summary>Decodes and scores the rows of a batch. What goes wrong becomes the batch's error, at the row where it did.</summary>
    /// <param name="batch">Rows that <paramref name="reader"/> has read.</param>
    /// <param name="reader">The reader of the rows.</param>
    /// <param name="alone">True if nothing else is scored at the same time.</param>
    public void Score(ScoreBatch batch, RowReader reader, bool alone = false)
    {
        reader.Complete(batch);
        if (batch.Count == 0)
            return;
        try
        {
            Run(batch, alone);
        }
        catch (OnnxRuntimeException e)
        {
            batch.Count = 0;
            batch.Error = new InvalidOperationException($"ONNX Runtime could not run the model {session.Source.Name}: {e.Message}", e);
            return;
        }
        for (int row = 0; row < batch.Count; row++)
            if (batch.IsMissing(row))
                foreach (TensorBuffer output in batch.Outputs)
                {
                    int length = output.Length / plan.RowsToRun(batch.Count);
                    output.Clear(row * length, length, isMissing: true);
                }
    }

    /// <summary>Runs the model on a batch whose inputs are filled.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime could not.</exception>
    public void Run(ScoreBatch batch, bool alone = false)
    {
        int rows = plan.RowsToRun(batch.Count);
        for (int i = 0; i < plan.Inputs.Count; i++)
            Arrange(plan.Inputs[i], batch.Inputs[i], batch.Count, rows);
        bool areWritten = plan.AreOutputsWritten && batch.HasWritableOutputs;
        if (areWritten)
            for (int i = 0; i < plan.Outputs.Count; i++)
                batch.Outputs[i].Resize((long)plan.Outputs[i].RowLength!.Value * rows);
        using (SessionLease lease = session.Lease(alone))
        {
            if (session.IsBound && batch.IsBindable)
                batch.Binding.Run(lease.Session, plan, batch, rows);
            else
                Pass(lease.Session, batch, rows, areWritten);
        }
        for (int i = 0; i < plan.Outputs.Count; i++)
            if (plan.Outputs[i] is { Axis: > 0, Sizes: { } sizes } && rows > 1)
                batch.Outputs[i].Permute((int)sizes.Take(plan.Outputs[i].Axis).Aggregate(1L, (a, b) => a * b), rows, intoTensor: false);
    }

    /// <summary>Runs the model on inputs and outputs that are handed over for this once.</summary>
    private void Pass(RuntimeSession runtime, ScoreBatch batch, int rows, bool areWritten)
    {
        var inputs = new OrtValue?[plan.Inputs.Count];
        OrtValue?[]? written = null;
        try
        {
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = batch.Inputs[i].Buffer.ToOrtValue(plan.Inputs[i].ShapeOf(rows, batch.Inputs[i].RowLength));
            if (areWritten)
            {
                written = new OrtValue?[plan.Outputs.Count];
                for (int i = 0; i < written.Length; i++)
                    written[i] = batch.Outputs[i].ToOrtValue(plan.Outputs[i].ShapeOf(rows));
                runtime.Run(plan.InputNames, inputs!, plan.OutputNames, written!);
                return;
            }
            using IDisposableReadOnlyCollection<OrtValue> results = runtime.Run(plan.InputNames, inputs!, plan.OutputNames);
            for (int i = 0; i < results.Count; i++)
                Take(plan.Outputs[i], batch.Outputs[i], results[i], rows);
        }
        finally
        {
            foreach (OrtValue? value in inputs)
                value?.Dispose();
            foreach (OrtValue? value in written ?? [])
                value?.Dispose();
        }
    }

    /// <summary>Brings an input into the order that the model wants, filled up where the batch is a fixed one.</summary>
    private static void Arrange(PlannedInput plan, BatchInput input, int count, int rows)
    {
        input.Buffer.Trim(input.RowLength * rows);
        // With the last row again: whatever the model does with a batch as a whole is then as it is for rows that are there.
        for (int row = count; row < rows; row++)
            input.Buffer.Copy((count - 1) * input.RowLength, row * input.RowLength, input.RowLength);
        int outer = plan.Outer(input.RowLength);
        if (outer > 1 && rows > 1)
            input.Buffer.Permute(outer, rows, intoTensor: true);
    }

    private static void Take(PlannedOutput plan, TensorBuffer output, OrtValue result, int rows)
    {
        long[] shape = result.GetTensorTypeAndShape().Shape;
        output.Take(result);
        if (
            rows == 1
            || output.Length % rows == 0
                && (
                    plan.RowLength is null
                        ? plan.Axis < shape.Length && shape[plan.Axis] % rows == 0
                        : output.Length == plan.RowLength * rows
                )
        )
            return;
        throw new InvalidOperationException(
            $"Output {plan.Spec} came as [{string.Join(',', shape)}] for {rows} rows: it depends on more than the rows' number. Set "
                + $"BatchSize = 1."
        );
    }
}
