using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Reads images.</summary>
internal sealed class ImageReader(ImageColumnReader column, int canvasBytes, PixelWriter writer) : InputReader
{
    public override void Put(BatchInput input, int row, long dataRow)
    {
        RowSlot slot = input.Image(row, canvasBytes);
        slot.Row = dataRow;
        slot.Source = default;
        column.Read(slot);
    }

    public override void Complete(ScoreBatch batch, int input, int row)
    {
        RowSlot slot = batch.Inputs[input].Image(row, canvasBytes);
        column.Decode(slot);
        writer.Write(slot.Canvas, batch.Inputs[input].Buffer, row);
    }
}
