using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetExtensions.Data;

/// <summary>ML.NET's own attribute cannot be used without a size.</summary>
internal sealed class AnySizeImageAttribute : DataViewTypeAttribute
{
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    public override bool Equals(DataViewTypeAttribute? other) => other is AnySizeImageAttribute;

    public override int GetHashCode() => typeof(AnySizeImageAttribute).GetHashCode();
}
