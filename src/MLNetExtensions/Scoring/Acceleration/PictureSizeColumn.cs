using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring.Acceleration;

/// <summary>The size of the picture that a batch was made of, in the place of a <see cref="Saving.MeasuredPicture"/>.</summary>
internal sealed record PictureSizeColumn(Microsoft.ML.DataViewSchema.Column Measured) : OutputColumn(Measured.Name, Measured.Type, Measured.Annotations)
{
    public override Delegate Getter(IScoreSource source) => (Microsoft.ML.ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        PictureSize size = source.Picture;
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, 2);
        (editor.Values[0], editor.Values[1]) = (size.Width, size.Height);
        value = editor.Commit();
    });
}
