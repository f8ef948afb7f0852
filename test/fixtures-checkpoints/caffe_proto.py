"""The messages of caffe.proto so far as a file of weights has them:
https://github.com/BVLC/caffe/blob/master/src/caffe/proto/caffe.proto
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def messages(packed):
    """The classes of caffe.proto; before 2014 its numbers were not packed."""
    file = descriptor_pb2.FileDescriptorProto(name=f"caffe-{packed}.proto", package=f"caffe{int(packed)}")
    kinds = {"int32": 5, "int64": 3, "float": 2, "double": 1, "string": 9, "bool": 8, "enum": 5}

    def message(name, *fields):
        made = file.message_type.add(name=name)
        for field, number, kind, *repeated in fields:
            one = made.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in kinds:
                one.type = kinds[kind]
                if repeated and kind not in ("string",):
                    one.options.packed = packed
            else:
                one.type, one.type_name = 11, f".{file.package}.{kind}"

    message("BlobShape", ("dim", 1, "int64", True))
    message(
        "BlobProto",
        ("num", 1, "int32"),
        ("channels", 2, "int32"),
        ("height", 3, "int32"),
        ("width", 4, "int32"),
        ("data", 5, "float", True),
        ("diff", 6, "float", True),
        ("shape", 7, "BlobShape"),
        ("double_data", 8, "double", True),
    )
    message("InnerProductParameter", ("num_output", 1, "int32"), ("transpose", 6, "bool"))
    message(
        "LayerParameter",
        ("name", 1, "string"),
        ("type", 2, "string"),
        ("bottom", 3, "string", True),
        ("top", 4, "string", True),
        ("blobs", 7, "BlobProto", True),
        ("inner_product_param", 117, "InnerProductParameter"),
    )
    message(
        "V0LayerParameter",
        ("name", 1, "string"),
        ("type", 2, "string"),
        ("blobs", 50, "BlobProto", True),
    )
    message(
        "V1LayerParameter",
        ("layer", 1, "V0LayerParameter"),
        ("bottom", 2, "string", True),
        ("top", 3, "string", True),
        ("name", 4, "string"),
        ("type", 5, "enum"),
        ("blobs", 6, "BlobProto", True),
    )
    message(
        "NetParameter",
        ("name", 1, "string"),
        ("layers", 2, "V1LayerParameter", True),
        ("input", 3, "string", True),
        ("layer", 100, "LayerParameter", True),
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessages([file], pool=pool) if hasattr(
        message_factory, "GetMessages"
    ) else message_factory.GetMessageClassesForFiles([file.name], pool)


def net(packed, name):
    classes = messages(packed)
    return classes[f"caffe{int(packed)}.NetParameter"](name=name)
