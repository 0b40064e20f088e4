using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Reads the inputs of a model from the rows of a cursor.</summary>
internal sealed class RowReader(ScoringPlan plan, InputReader[] inputs, InvalidImageLog? invalidImages)
{
    private bool _isPending;
    private long _row;

    /// <summary>Fills a batch with the next rows, as many as fit and are equally long. One thread at a time.</summary>
    public void Fill(ScoreBatch batch, DataViewRowCursor cursor, ValueGetter<DataViewRowId> id, int rows)
    {
        batch.Clear();
        try
        {
            while (batch.Count < rows && Next(batch, cursor, id)) { }
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            batch.Error = new InvalidOperationException($"Reading row {_row} of the data failed: {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            batch.Error = e;
        }
    }

    /// <summary>Fills a batch with the one row that there is.</summary>
    public void Fill(ScoreBatch batch)
    {
        batch.Clear();
        _row = -1; // a single row has no number worth naming in errors
        foreach (InputReader input in inputs)
            input.Read();
        Put(batch);
    }

    /// <summary>Completes the rows that were put: decodes their images. Any thread.</summary>
    public void Complete(ScoreBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            if (batch.IsMissing(row))
                continue;
            try
            {
                for (int i = 0; i < inputs.Length; i++)
                    inputs[i].Complete(batch, i, row);
            }
            catch (InvalidImageException bad)
            {
                if (Miss(batch, row, bad))
                    continue;
                (batch.Count, batch.Error) = (row, bad);
            }
        }
    }

    /// <returns>True if the batch goes on.</returns>
    private bool Next(ScoreBatch batch, DataViewRowCursor cursor, ValueGetter<DataViewRowId> id)
    {
        if (!_isPending)
        {
            if (!cursor.MoveNext())
            {
                batch.IsLast = true;
                return false;
            }
            foreach (InputReader input in inputs)
                input.Read();
        }
        _isPending = batch.Count > 0 && !Fits(batch);
        if (_isPending)
            return false;
        id(ref batch.Ids[batch.Count]);
        return Put(batch);
    }

    private bool Fits(ScoreBatch batch)
    {
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i].Length is int length && length != batch.Inputs[i].RowLength)
                return false;
        return true;
    }

    /// <returns>True if the batch goes on.</returns>
    private bool Put(ScoreBatch batch)
    {
        int row = batch.Count;
        if (row == 0)
            Begin(batch);
        try
        {
            for (int i = 0; i < inputs.Length; i++)
                inputs[i].Put(batch.Inputs[i], row, _row);
        }
        catch (InvalidImageException bad)
        {
            if (!Miss(batch, row, bad))
            {
                batch.Error = bad;
                return false;
            }
        }
        batch.Count++;
        if (_row >= 0)
            _row++;
        return true;
    }

    private void Begin(ScoreBatch batch)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            int length = inputs[i].Length ?? plan.Inputs[i].RowLength!.Value;
            if (!plan.Inputs[i].Fits(length))
                throw new InvalidDataException(
                    $"Row {_row} has {length} values for input {plan.Inputs[i].Spec}, which takes rows of "
                        + $"[{string.Join(',', plan.Inputs[i].Sizes.Select(size => size < 0 ? "?" : $"{size}"))}]."
                );
            batch.Inputs[i].RowLength = length;
            batch.Inputs[i].Buffer.Resize((long)length * plan.RowsToRun(batch.Capacity));
        }
    }

    /// <returns>True if a missing image is allowed; it is then noted.</returns>
    private bool Miss(ScoreBatch batch, int row, InvalidImageException bad)
    {
        if (invalidImages is null)
            return false;
        invalidImages.Add(bad);
        batch.Miss(row);
        foreach (BatchInput input in batch.Inputs)
            input.Buffer.Clear(row * input.RowLength, input.RowLength);
        return true;
    }
}
