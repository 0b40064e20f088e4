using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>The size of the image that a batch was made of, in the place of a <see cref="Saving.MeasuredImage"/>.</summary>
internal sealed record ImageSizeColumn(Microsoft.ML.DataViewSchema.Column Measured)
    : OutputColumn(Measured.Name, Measured.Type, Measured.Annotations)
{
    public override Delegate Getter(IScoreSource source) =>
        (Microsoft.ML.ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                ImageSize size = source.Image;
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, 2);
                (editor.Values[0], editor.Values[1]) = (size.Width, size.Height);
                value = editor.Commit();
            }
        );
}
