// What all operations have in common: their registration with TensorFlow, and inputs and outputs that free themselves.
#pragma once

#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string>

#include "tensorflow-api.h"

namespace onegin {

/** What an operation throws when its inputs do not fit together; TensorFlow hands the sentence on. */
struct InvalidInput : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

class Status {
 public:
  ~Status() { TF_DeleteStatus(status_); }
  operator TF_Status*() { return status_; }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }
  std::string message() const { return TF_Message(status_); }

 private:
  TF_Status* status_ = TF_NewStatus();
};

/** A tensor that an operation reads or fills. */
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(const Tensor&) = delete;
  ~Tensor() { TF_DeleteTensor(tensor_); }
  int rank() const { return TF_NumDims(tensor_); }
  int64_t dim(int i) const { return TF_Dim(tensor_, i); }
  bool empty() const { return TF_TensorByteSize(tensor_) == 0; }
  template <typename Value>
  Value* values() const {
    return static_cast<Value*>(TF_TensorData(tensor_));
  }
  /** "[64, 28, 28, 1]" */
  std::string shape() const {
    std::string text = "[";
    for (int i = 0; i < rank(); i++) text += (i ? ", " : "") + std::to_string(dim(i));
    return text + "]";
  }

 private:
  TF_Tensor* tensor_;
};

class Context {
 public:
  explicit Context(TF_OpKernelContext* context) : context_(context) {}

  Tensor input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    if (!status_.ok()) throw InvalidInput(status_.message());
    return Tensor(tensor);
  }

  Tensor output(int index, std::initializer_list<int64_t> shape, TF_DataType type = TF_FLOAT) {
    size_t bytes = type == TF_FLOAT ? 4 : 1;
    for (int64_t size : shape) bytes *= size;
    TF_Tensor* tensor = TF_AllocateOutput(context_, index, type, shape.begin(), static_cast<int>(shape.size()),
                                          bytes, status_);
    if (!tensor) throw std::bad_alloc();
    return Tensor(tensor);
  }

 private:
  TF_OpKernelContext* context_;
  Status status_;
};

/** Attributes of the operation, read once when TensorFlow makes its kernel. */
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* construction) : construction_(construction) {}

  long integer(const char* name) {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
    if (!status_.ok()) throw InvalidInput(status_.message());
    return static_cast<long>(value);
  }

  float number(const char* name) {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    if (!status_.ok()) throw InvalidInput(status_.message());
    return value;
  }

  bool flag(const char* name) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
    if (!status_.ok()) throw InvalidInput(status_.message());
    return value != 0;
  }

 private:
  TF_OpKernelConstruction* construction_;
  Status status_;
};

struct OperationSpec {
  const char* name;
  std::initializer_list<const char*> inputs, outputs, attributes;
};

/** Registers an operation whose kernel is a class with a constructor from Attributes and `compute(Context&)`. */
template <typename Kernel>
void registerOperation(const OperationSpec& spec) {
  Status status;
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(spec.name);
  for (const char* input : spec.inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : spec.outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char* attribute : spec.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, [](TF_ShapeInferenceContext* c, TF_Status* s) {
    TF_ShapeInferenceContextSetUnknownShape(c, s);
  });
  TF_RegisterOpDefinition(definition, status);
  if (!status.ok()) throw std::runtime_error(status.message());

  const auto create = [](TF_OpKernelConstruction* construction) -> void* {
    try {
      Attributes attributes(construction);
      return new Kernel(attributes);
    } catch (const std::exception& error) {
      Status failure;
      TF_SetStatus(failure, TF_INVALID_ARGUMENT, error.what());
      TF_OpKernelConstruction_Failure(construction, failure);
      return nullptr;
    }
  };
  const auto compute = [](void* kernel, TF_OpKernelContext* tensorflow) {
    Status failure;
    try {
      Context context(tensorflow);
      static_cast<Kernel*>(kernel)->compute(context);
      return;
    } catch (const std::bad_alloc&) {
      TF_SetStatus(failure, TF_RESOURCE_EXHAUSTED, "failed to allocate memory");
    } catch (const std::exception& error) {
      TF_SetStatus(failure, TF_INVALID_ARGUMENT, error.what());
    }
    TF_OpKernelContext_Failure(tensorflow, failure);
  };
  const auto destroy = [](void* kernel) { delete static_cast<Kernel*>(kernel); };
  TF_RegisterKernelBuilder(spec.name, TF_NewKernelBuilder(spec.name, "CPU", create, compute, destroy), status);
  if (!status.ok()) throw std::runtime_error(status.message());
}

}  // namespace onegin
