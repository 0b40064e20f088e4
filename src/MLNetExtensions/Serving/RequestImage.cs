using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Serving;

/// <summary>An image as its caller gave it, until it is decoded. It has one owner at a time, who releases it.</summary>
internal abstract class RequestImage
{
    /// <summary>True if its memory is the caller's, who may use it for something else when the request has ended.</summary>
    public virtual bool IsCallers => false;

    /// <exception cref="InvalidImageException">It cannot be decoded in full.</exception>
    public abstract void Decode(ImageDecoder decoder, Span<byte> canvas);

    /// <summary>Gives back what it holds.</summary>
    public virtual void Release() { }
}
