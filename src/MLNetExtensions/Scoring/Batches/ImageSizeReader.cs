using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>Reads the sizes of images that are decoded for another input.</summary>
/// <param name="image">The number of that input.</param>
internal sealed class ImageSizeReader(int image) : InputReader
{
    public override void Put(BatchInput input, int row, long dataRow) { }

    public override void Complete(ScoreBatch batch, int input, int row)
    {
        ImageSize size = batch.Inputs[image].SourceSize(row);
        Span<float> values = ((TensorBuffer<float>)batch.Inputs[input].Buffer).Items.Slice(2 * row, 2);
        (values[0], values[1]) = (size.Width, size.Height);
    }
}
