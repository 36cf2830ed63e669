import type { inside as english } from '../en/inside.js'

export const inside: typeof english = {
  title: 'Nhìn vào bên trong',
  lead: 'Theo một tấm ảnh đi qua mạng, từng layer một, từ các điểm ảnh đến câu trả lời.',
  noModels: 'Chưa có mô hình đã huấn luyện nào để xem.',
  noImage: 'Hãy chọn một ảnh test ở trên, hoặc mang ảnh của bạn từ trang',
  image: 'Ảnh',
  layers: 'Các layer',
  layer: 'Layer',
  notThere: 'Layer này không làm gì khi sử dụng mạng, nên không có gì để xem.',
  channel: (number) => `Kênh ${number}`,
  first: (shown, all) => `${shown} kênh đầu trong ${all} kênh`,
  units: (count) => `${count} đơn vị, từng hàng một`,
  filters: 'Nó tìm kiếm điều gì',
  filtersLead: 'Các trọng số của nó. Màu cam: điểm sáng ở đây được cộng; màu xanh: bị trừ.',
  filter: (number) => `Bộ lọc ${number}`,
  logits: 'Câu trả lời, trước khi thành xác suất: số lớn nhất thắng.',
  ops: {
    conv2d:
      'Tích chập: các bộ lọc nhỏ trượt trên ảnh. Mỗi bộ lọc có một bản đồ riêng, sáng ở nơi tìm thấy điều nó tìm.',
    dense: 'Dense: mỗi đơn vị nhân mọi giá trị trước nó với trọng số rồi cộng lại.',
    batchNormalization: 'Batch Normalization: đưa mỗi kênh về cùng một thang đo, giúp việc học ổn định hơn.',
    maxPooling2d: 'Max pooling: giữ giá trị lớn nhất trong các giá trị cạnh nhau và thu nhỏ ảnh một nửa.',
    globalAveragePooling2d: 'Global average pooling: mỗi kênh còn một số, trung bình của nó.',
    flatten: 'Flatten: các bản đồ trở thành một danh sách số dài.',
    dropout:
      'Dropout: khi học, một số giá trị ngẫu nhiên bị bỏ đi để không đơn vị nào chỉ dựa vào một đơn vị khác. Lúc này mọi giá trị đều đi qua.',
    relu: 'ReLU: giá trị dưới 0 trở thành 0.',
    add: 'Add: điều mà một khối tìm thấy được cộng vào đầu vào của nó, để không mất gì.',
  },
}
